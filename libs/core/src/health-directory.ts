/** Occupational health services as directories outside Relais know them: who may be written to, never who must be. */

export interface DirectoryQuery {
  /** part of a name; or a whole SIRET (14 digits) or FINESS (9 characters) */
  text: string;
}

export interface DirectoryMailbox {
  address: string;
  /** TRE_R257: ORG, APP… as the directory writes it */
  type?: string;
  description?: string;
}

export interface DirectoryService {
  name: string;
  /** business identifiers only: technical ones of a directory change */
  finess?: string;
  siret?: string;
  mailboxes: readonly DirectoryMailbox[];
  /** PEM, as published: a claim until its chain is judged */
  certificates: readonly string[];
  /** instant at which the directory said so */
  readAt: string;
}

export interface HealthDirectory {
  readonly name: string;
  /** @throws BrokerError `transport.*` when the directory did not answer as it should, `configuration.invalid` */
  services(query: DirectoryQuery, signal: AbortSignal): Promise<DirectoryService[]>;
  /** at the broker's stop */
  close(): Promise<void>;
}
