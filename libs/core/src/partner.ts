/** A partner: who may speak, by which certificate, to whom content is sealed, and what it entrusts to Relais. */
import type { ChannelName, PartnerChannels } from './channels/channels.ts';
import type { DmpMandate } from './channels/dmp.ts';
import type { SealMandate } from './channels/mandate.ts';
import type { MailboxMandate } from './channels/mssante.ts';

export type PartnerId = string;

export type PartnerKind =
  | 'spsti'
  | 'insi'
  | 'hdh'
  | 'esms'
  | 'dmp'
  | 'dares'
  | 'dgafp'
  | 'spf'
  | 'gis-evrest'
  | 'cnam'
  | 'cnam-medical'
  | 'portal'
  | 'dgt'
  | 'internal';

/** `enc`: the service; `enc-h`: its health professionals' software (part H, true refusal codes). */
export type Audience = 'enc' | 'enc-h';

export type TransportName = 'https' | 'mailbox' | 'amqp' | 'insi' | 'portal' | 'fhir' | ChannelName;

/** Ways whose wire has its own form and protection: until it is sent, content waits under Relais' own key. */
export const CHANNEL_TRANSPORTS: readonly TransportName[] = [
  'fhir',
  'mssante',
  'xds-b',
  'mhd',
  'interops-soap',
];

/** What a partner entrusts to Relais to act in its name, with scope and validity. */
export interface InsiMandate {
  /** AUTO: started by the system; MANU: started by a person (subject CN INSI-AUTO or INSI-MANU) */
  auto?: { certificate: string; key: string };
  manu?: { certificate: string; key: string };
  /** authorisation number given by CNDA to the product */
  idam: string;
  /** `Emetteur`: OU of the client certificate (structure id) */
  emitter: string;
  from: string;
  to: string;
}

export interface Partner {
  id: PartnerId;
  kind: PartnerKind;
  /** name shown to people */
  name: string;
  siret?: string;
  /** full RFC 2253 DNs that map a client certificate to this partner; absent = its software may not connect (revoked) */
  client?: { issuer: string; subject: string };
  /** flows it may send */
  flows: readonly string[];
  transport: TransportName;
  /** https: where pushes go; fhir: the base of the server (both must be https) */
  endpoint?: string;
  /** PEM encryption certificates, newest first, for each audience */
  keys: Partial<Record<Audience, readonly string[]>>;
  /** ways of its own, beside the ordinary one: taken by the objects whose contract names them */
  channels?: PartnerChannels;
  /** its people read and answer at Relais' portal what contracts show there (`onPages`); its software goes on as it is */
  pages?: boolean;
  /** a file that its software proposes, and whose identity agrees beyond doubt, answers a request at once */
  automaticRelease?: boolean;
  mandate?: { insi?: InsiMandate; mailbox?: MailboxMandate; seal?: SealMandate; dmp?: DmpMandate };
  /** OpenID issuer of staff without RPPS, with the assurance level the agreement names */
  staffIssuer?: {
    issuer: string;
    acr: string;
    /** that level rests on a one-time code (TOTP, SMS) */
    oneTimeCode?: boolean;
    /** reference of the approval of its means: it may go on after the one-time codes' last day */
    approved?: string;
  };
  /** its identity-vigilance cell; `fourEyes`: a release takes two persons, the first one proposes */
  vigilance?: { fourEyes: boolean };
  /** messages a minute; default in configuration */
  rate?: number;
  /** requests at a time; default in configuration */
  requestsAtOnce?: number;
  /** MB (a million bytes) of bodies at a time; default in configuration */
  megabytesAtOnce?: number;
}
