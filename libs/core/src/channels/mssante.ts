import type { Mandated } from './mandate.ts';

/** A partner that is written to by MSSanté. */
export interface MssanteChannel {
  /** its mailbox in the trust space; never guessed from a suffix */
  address: string;
  /** who reads that mailbox: the service (default), or its health professionals alone, who may get part H there */
  readers?: 'service' | 'health';
  /** PEM: who signs its S/MIME mail, where that was agreed; any other signer is refused */
  signers?: readonly string[];
  /** S/MIME for what is written to it, where that was agreed; absent = none */
  sealing?: MailSealingAgreement;
}

export interface MailSealingAgreement {
  /** PEM: every one that is in force may open it; the next one may stand beside the last */
  certificates: readonly string[];
  /** AES-256-GCM is made by the `openssl` program (3.0 or later) and by nothing else */
  cipher: 'aes-256-cbc' | 'aes-256-gcm';
}

/** Mailbox of an SPSTI that Relais writes from and reads, in its name. */
export interface MailboxMandate extends Mandated {
  address: string;
  /** ORG AUTH_CLI certificate of an applicative mailbox (PEM); absent = a person's PSC session opens it (XOAUTH2) */
  certificate?: string;
  key?: string;
  /** where its operator stands, when discovery is not to be trusted or not there */
  operator?: MailServers;
  /** pair (PEM) to which S/MIME mail for that mailbox is enveloped, where that was agreed */
  encryption?: { certificate: string; key: string };
  /** pair (PEM) that signs S/MIME mail from that mailbox, for partners with whom that was agreed */
  signature?: { certificate: string; key: string };
  /** product reference number: `X-MSS-NIL` */
  nil: string;
}

export interface MailServers {
  submission: MailServer;
  imap: MailServer;
}

export interface MailServer {
  host: string;
  port: number;
}
