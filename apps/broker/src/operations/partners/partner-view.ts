/** A partner as the operator sees it: who it is, what it may send and receive, by which ways and keys, until when. */
import { X509Certificate } from 'node:crypto';
import type { Audience, ChannelName, Flow, Partner, PartnerKind, TransportName } from '#core';
import { thumbprint } from '#protection';
import type { WatchedCertificate } from '../certificate-radar.ts';
import {
  hostOf,
  type ShownChannel,
  type ShownMandate,
  shownChannels,
  shownMandates,
} from './shown-settings.ts';

export interface PartnerCard {
  id: string;
  kind: PartnerKind;
  name: string;
  /** whether its software may connect */
  connects: boolean;
  /** flows that it may send */
  flows: readonly string[];
  transport: TransportName;
  channels: ChannelName[];
  /** what of it ends first */
  ends?: Ending;
}

export interface Ending {
  use: string;
  until: string;
  /** whole days left */
  days: number;
}

export interface FlowObjects {
  flow: string;
  title: string;
  /** titles of the objects */
  objects: string[];
}

export interface PartnerAgreement extends Omit<PartnerCard, 'flows' | 'channels' | 'ends'> {
  siret?: string;
  client?: { issuer: string; subject: string };
  /** host of its endpoint */
  host?: string;
  sends: FlowObjects[];
  receives: FlowObjects[];
  keys: { audience: Audience; kid: string; until: string }[];
  channels: ShownChannel[];
  mandates: ShownMandate[];
  staffIssuer?: { issuer: string; acr: string; oneTimeCode: boolean; approved?: string };
  limits: { rate?: number; requestsAtOnce?: number; megabytesAtOnce?: number };
  certificates: Ending[];
}

/** @param watched what ends, of every owner */
export function partnerCard(partner: Partner, watched: readonly WatchedCertificate[]): PartnerCard {
  const { channels = {}, client, flows, id, kind, name, transport } = partner;
  const [ends] = endingsOf(id, watched);
  return {
    id,
    kind,
    name,
    connects: client !== undefined,
    flows,
    transport,
    channels: Object.keys(channels) as ChannelName[],
    ...(ends === undefined ? {} : { ends }),
  };
}

export function partnerAgreement(
  partner: Partner,
  watched: readonly WatchedCertificate[],
  flows: readonly Flow[],
): PartnerAgreement {
  const { client, endpoint, id, kind, name, siret, staffIssuer, transport } = partner;
  return {
    id,
    kind,
    name,
    connects: client !== undefined,
    transport,
    ...(siret === undefined ? {} : { siret }),
    ...(client === undefined ? {} : { client: { issuer: client.issuer, subject: client.subject } }),
    ...(endpoint === undefined ? {} : { host: hostOf(endpoint) }),
    sends: objectsOf(flows, (flow, object) => partner.flows.includes(flow) && object.senders.includes(kind)),
    receives: objectsOf(
      flows,
      (_, { recipients: { fixed, kinds } }) => kinds.includes(kind) && (fixed === undefined || fixed === id),
    ),
    keys: (['enc', 'enc-h'] as const).flatMap((audience) =>
      (partner.keys[audience] ?? []).flatMap((pem) => keyOf(audience, pem)),
    ),
    channels: shownChannels(partner),
    mandates: shownMandates(partner),
    ...(staffIssuer === undefined ? {} : { staffIssuer: issuerOf(staffIssuer) }),
    limits: limitsOf(partner),
    certificates: endingsOf(id, watched),
  };
}

function endingsOf(partner: string, watched: readonly WatchedCertificate[]): Ending[] {
  return watched
    .filter(({ owner }) => owner === partner)
    .map(({ days, until, use }) => ({ use, until: until.toISOString(), days }));
}

type ObjectOf = Flow['contract']['objects'][string];

function objectsOf(flows: readonly Flow[], fits: (flow: string, object: ObjectOf) => boolean): FlowObjects[] {
  return flows.flatMap(({ contract: { flow, objects, title } }) => {
    const own = Object.values(objects).filter((object) => fits(flow, object));
    return own.length === 0 ? [] : [{ flow, title, objects: own.map((object) => object.title) }];
  });
}

/** One that cannot be read is said at the start, and by `relais doctor`. */
function keyOf(audience: Audience, pem: string): PartnerAgreement['keys'] {
  try {
    const certificate = new X509Certificate(pem);
    return [{ audience, kid: thumbprint(certificate), until: certificate.validToDate.toISOString() }];
  } catch {
    return [];
  }
}

function issuerOf({ acr, approved, issuer, oneTimeCode = false }: NonNullable<Partner['staffIssuer']>) {
  // its address may bear a query
  const { origin, pathname } = new URL(issuer);
  return {
    issuer: `${origin}${pathname}`,
    acr,
    oneTimeCode,
    ...(approved === undefined ? {} : { approved }),
  };
}

function limitsOf({ megabytesAtOnce, rate, requestsAtOnce }: Partner): PartnerAgreement['limits'] {
  return {
    ...(rate === undefined ? {} : { rate }),
    ...(requestsAtOnce === undefined ? {} : { requestsAtOnce }),
    ...(megabytesAtOnce === undefined ? {} : { megabytesAtOnce }),
  };
}
