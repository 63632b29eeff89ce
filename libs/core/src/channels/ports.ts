/** Ports that only the channels need: signed and encrypted XML, sealed mail, clinical documents, tokens of people. */

import type { CdaCode, CdaId } from '../cda-document.ts';
import type { Ins } from '../identity.ts';

/** XML signatures (W3C XML-DSig), by a library, in worker threads. SHA-1, HMAC and embedded keys are never believed. */
export interface XmlSignatures {
  /** @returns the document with its Signature in place */
  sign(xml: string, order: XmlSignOrder): Promise<string>;
  /** PEM of the certificate that a signature says it is by: a claim, to be judged before `verify` is given it */
  claimedSigner(xml: string, place: XmlPlace): Promise<string>;
  /**
   * @throws BrokerError `xml.signature-invalid`, `xml.doctype`, `body.too-large`; its `cause.reason` is a short word
   * for the journal, never for the sender
   */
  verify(xml: string, rule: XmlVerifyRule): Promise<VerifiedXml>;
}

/** An element by its way from the root: local names, e.g. ['Envelope', 'Header', 'Security']. One and only one stands there. */
export type XmlPlace = readonly string[];

export interface XmlSignOrder {
  /** PEM; RSA (rsa-sha256) or P-256 (ecdsa-sha256) */
  certificate: string;
  key: string;
  /** values of the ID attributes (`ID`, `Id`, `wsu:Id`, `xml:id`) of what is signed, in order; `type` = Reference/@Type */
  ids: readonly (string | { id: string; type: string })[];
  /** the element that the Signature goes into; an element that is signed and holds its own gets the enveloped transform */
  inside: XmlPlace;
  /** local name of the child that it follows (`Issuer`); first when '' ; last when absent */
  after?: string;
  /** XML of ds:KeyInfo's content; default ds:X509Data with the certificate */
  keyInfo?: string;
  /** content of each ds:Object, signed by the ids that it holds (XAdES, manifests); the prefix `ds` is bound there */
  objects?: readonly string[];
  /** attribute Id of the Signature */
  signatureId?: string;
}

export interface XmlVerifyRule {
  /** parent of the one Signature that is looked at */
  inside: XmlPlace;
  /** PEM, already judged: the only key that may have made it */
  certificate: string;
  /** places that must be signed; each comes back in this order */
  signed: readonly XmlPlace[];
  /** a peer that cannot do better, by its convention and until this instant */
  sha1Until?: string;
  now: Date;
  /** larger is refused before it is parsed */
  maxBytes?: number;
}

export interface VerifiedXml {
  /** canonical text of each place asked for: what was signed, and the only thing to read */
  signed: readonly string[];
  algorithm: string;
  /** the dated exception was used: to be journalled */
  sha1: boolean;
}

/** XML-Enc 1.1: AES-256-GCM, RSA-OAEP with SHA-256 for both digests. */
export interface XmlCipher {
  /**
   * The content of the element at that place becomes xenc:EncryptedData.
   * @throws BrokerError `recipient.key-invalid` when that certificate has no RSA key of 2048 bits or more
   */
  encrypt(
    xml: string,
    order: { at: XmlPlace; certificate: string; oaep?: 'sha-256' | 'sha-1' },
  ): Promise<string>;
  /** @throws BrokerError `xml.encryption-invalid`: one error, whatever is wrong */
  decrypt(xml: string, order: { at: XmlPlace; keys: readonly string[]; oaepSha1?: boolean }): Promise<string>;
}

/** S/MIME (CMS) around a MIME entity: signed inside, enveloped outside. */
export interface MailSealing {
  /**
   * @returns an entity of application/pkcs7-mime
   * @throws BrokerError `recipient.key-invalid`; `configuration.invalid` when GCM is asked for and `openssl` is not there
   */
  seal(mime: Uint8Array, order: MailSealOrder): Promise<Uint8Array>;
  /** @throws BrokerError `mail.envelope-invalid`: one error, whatever is wrong; unsigned CBC is refused */
  open(mime: Uint8Array, order: { certificate: string; key: string }): Promise<OpenedMail>;
}

export interface MailSealOrder {
  signer: { certificate: string; key: string };
  recipients: readonly string[];
  /** one is never made in place of the other; GCM (AuthEnvelopedData) needs the `openssl` program */
  cipher: 'aes-256-cbc' | 'aes-256-gcm';
}

export interface OpenedMail {
  mime: Uint8Array;
  /** PEM: a claim until its chain is judged */
  signer: string;
}

/** Reads and packs clinical documents. */
export interface ClinicalDocuments {
  /** @throws BrokerError `content.invalid`, `xml.doctype`, `body.too-large` */
  readCda(xml: Uint8Array): ReadCda;
  /**
   * ebRIM SubmitObjectsRequest of one submission set: METADATA.XML of an XDM archive, body of ITI-41.
   * @throws BrokerError `content.invalid` when a document lacks what its entry must say, or speaks of another patient
   */
  submission(order: SubmissionOrder): Submission;
  /** IHE_XDM.zip */
  packXdm(order: SubmissionOrder): Promise<Uint8Array>;
  /**
   * An archive as hostile input: bounds, paths, DTD, digests, one patient, no active PDF.
   * @throws BrokerError `xdm.invalid` with one finding whose code says what is wrong; `content.active`
   */
  openXdm(zip: Uint8Array): Promise<OpenedXdm>;
}

/** What the header of a CDA says. */
export interface ReadCda {
  id: CdaId;
  setId?: CdaId;
  version?: number;
  replaces?: CdaId;
  type: CdaCode;
  title: string;
  /** HL7 TS as written */
  effectiveTime: string;
  confidentiality: string;
  language: string;
  patient: ReadPatient;
  author: ReadAuthor;
  organization: { id?: CdaId; name?: string };
  /** HL7 TS as written; codes of every act documented */
  act: { from?: string; to?: string; codes: readonly CdaCode[] };
  practiceSetting?: CdaCode;
  facility?: CdaCode;
  legalAuthenticator?: { ids: readonly CdaId[]; family?: string; given: readonly string[] };
  /** N1: the document inside */
  body?: { mediaType: string; bytes: Uint8Array };
  templates: readonly string[];
}

/** A person; or a device, its software for family name and its model for given name. */
export interface ReadAuthor {
  ids: readonly CdaId[];
  family: string;
  given: readonly string[];
  device?: true;
  /** profession and know-how */
  code?: CdaCode;
  /** part that it plays with this patient, in words */
  role?: string;
}

export interface ReadPatient {
  ids: readonly CdaId[];
  /** matricule that it bears, whatever that is worth */
  ins?: Ins;
  birthName?: string;
  /** first birth given name, and the whole list */
  firstName?: string;
  firstNames?: string;
  usedName?: string;
  /** YYYY-MM-DD */
  birthDate?: string;
  sex?: 'M' | 'F' | 'I';
  /** COG */
  birthPlace?: string;
}

export interface SubmissionOrder {
  /** one patient only */
  documents: readonly Uint8Array[];
  /** of the submission, drawn by the caller: a UUID, or an OID. The same order gives the same bytes. */
  id: string;
  /** OID, or UUID, of the system that sends */
  sourceId: string;
  /** instant */
  at: string;
  title?: string;
  /** JDV_J59 */
  contentType: CdaCode;
  /** entryUUID of the document that the first one replaces, where a registry told it; else it is made from its id */
  replaces?: string;
  /** healthcareFacilityTypeCode where the reader's list is not that of CI-SIS (DMP: SA13); default: the document's */
  facility?: CdaCode;
  /** masking flags (TRE_A07), said in metadata only */
  flags?: readonly CdaCode[];
  /** more documents of the lot: an XAdES signature */
  attached?: readonly {
    /** OID or UUID */
    id: string;
    title: string;
    mimeType: string;
    bytes: Uint8Array;
    formatCode: CdaCode;
    type: CdaCode;
    class: CdaCode;
  }[];
  /** README.TXT of an archive: who sends, whom to call */
  contact?: string;
}

export interface Submission {
  /** the SubmitObjectsRequest */
  xml: string;
  /** OID form of the submission set's uniqueId */
  uniqueId: string;
  /** in the order of `documents`, then `attached`: id in the XML, uniqueId, and bytes */
  documents: readonly {
    entryId: string;
    uniqueId: string;
    mimeType: string;
    uri: string;
    bytes: Uint8Array;
    sha1: string;
    /** as its entry says them */
    class: CdaCode;
    format: CdaCode;
  }[];
}

export interface OpenedXdm {
  documents: readonly { cda: ReadCda; bytes: Uint8Array; entryId: string }[];
  /** as METADATA.XML names it */
  patient: ReadPatient;
}

/** Access tokens of people whose Pro Santé Connect session is open here; never kept on disk. */
export interface MailTokens {
  /** a fresh one for who opened that mailbox; undefined when nobody's session does any more */
  tokenFor(address: string): Promise<string | undefined>;
}
