/** The agreement of an INTEROPS partner: what the convention says, as data (facts §6.4). */
/** One right that a PAGM opens. */
export interface InteropsRight {
  flow: string;
  /** objects of that flow; every one that the contract lets the sender send when absent */
  objects?: readonly string[];
}

/** Generic business application profile (PAGM): agreed by name, mapped to rights by whoever provides the service. */
export interface Pagm {
  name: string;
  rights: readonly InteropsRight[];
  /** INTEROPS-P: role of a user who comes to Relais' portal with this PAGM */
  role?: PortalRole;
}

/** Roles that an organisation may give to its users here: a professional's comes from Pro Santé Connect alone. */
export const PORTAL_ROLES = ['vigilance', 'auditor'] as const;
export type PortalRole = (typeof PORTAL_ROLES)[number];

/** What Relais is: it calls (client), it is called (provider). */
export type InteropsDirection = 'client' | 'provider' | 'both';

export interface InteropsChannel {
  label: string;
  /** by which the partner knows this agreement */
  clientCode: string;
  version: string;
  status: 'active' | 'suspended';
  /** who answers for it on the partner's side, and the text that it stands on */
  owner: string;
  legalReference: string;
  /** instants: from inclusive, to exclusive */
  from: string;
  to: string;
  direction: InteropsDirection;
  /** seconds: longest life of a vector, from NotBefore to NotOnOrAfter */
  viDuree: number;
  /** class references of AuthnContextClassRef that are accepted; the first is the one that Relais states */
  authenticationClasses: readonly string[];
  pagm: readonly Pagm[];
  /** where Relais is called */
  provider?: InteropsProvider;
  /** where Relais calls */
  client?: InteropsClient;
  /** INTEROPS-P */
  portal?: InteropsPortal;
  /** dated exceptions for a peer that cannot do better; each use is journalled */
  exceptions?: {
    /** instant until which its signatures may be RSA-SHA1 */
    sha1Until?: string;
    /** instant until which keys are wrapped with OAEP and SHA-1 */
    oaepSha1Until?: string;
  };
}

/** Which certificates may sign the partner's vectors and messages. */
export interface InteropsSigners {
  /** these very certificates (PEM); absent = any that the names below allow */
  certificates?: readonly string[];
  /** full RFC 2253 DNs of the authorities that issue them */
  authorities?: readonly string[];
  /** full RFC 2253 subject DNs, when the agreement asks for that check */
  subjects?: readonly string[];
}

export interface InteropsProvider {
  /** Issuer of its vectors: `urn:interops:<SIRET>:idp:<name>:<version>`, or another name that the convention gives */
  issuer: string;
  /** Relais as the convention names it, in Recipient: `urn:interops:sp:<SIRET>:<name>` */
  recipient: string;
  /** URIs of ours that it may call: the Audience of its vectors */
  services: readonly string[];
  signers: InteropsSigners;
  /** whether Timestamp and Body must be signed too (WS-Security) */
  signedBody: boolean;
  /** whether the content of Body must be encrypted for the called service (XML-Enc) */
  encryptedBody?: boolean;
}

export interface InteropsClient {
  /** its SOAP service, https */
  endpoint: string;
  /** URI of the called service: Audience of our vectors; and its name in Recipient */
  service: string;
  recipient: string;
  /** name and version in the Issuer of our vectors, after the SIRET of the SPSTI that speaks */
  idp: { name: string; version: string };
  /** what of the answer must be signed by the partner, by whom; absent = TLS alone answers for it */
  signedAnswer?: InteropsSigners;
  /** PEM certificate that the content of Body is encrypted to; absent = TLS alone hides it */
  encryption?: string;
  /** answers are asked for every so many seconds; absent = they come with the reply, or the partner calls */
  pollSeconds?: number;
}

export interface InteropsPortal {
  /** Audience of the vectors that a browser carries */
  service: string;
  /** origins of the partner's portal: only a form of theirs is taken */
  origins: readonly string[];
}

/** Whether Relais may call, or be called, under that agreement at that instant. */
export function agreementInForce(
  { status, direction, from, to }: Pick<InteropsChannel, 'status' | 'direction' | 'from' | 'to'>,
  as: 'client' | 'provider',
  now: Date,
): boolean {
  const at = now.getTime();
  return (
    status === 'active' &&
    (direction === as || direction === 'both') &&
    Date.parse(from) <= at &&
    at < Date.parse(to)
  );
}

/** PAGMs of these names that open an object of a flow. */
export function pagmFor(
  pagm: readonly Pagm[],
  { flow, object }: { flow: string; object: string },
): readonly Pagm[] {
  return pagm.filter(({ rights }) =>
    rights.some(
      (right) => right.flow === flow && (right.objects === undefined || right.objects.includes(object)),
    ),
  );
}
