/** What a vendor's software must not take, each one place away from a delivery that it takes. */
import { generateKeyPairSync } from 'node:crypto';
import type { Signer } from '#core';
import { digestOf } from '#core';
import { JWS_TYPES, signCompact } from '#protection';
import { uuidv7 } from '../../../broker/src/engine/stage-ports.ts';
import type { Change, Listed } from './make-parcel.ts';

export interface BadCase {
  id: string;
  /** French */
  title: string;
  change: Change;
  /** only where a delivery comes in several parts */
  inParts?: true;
  /** only over https: the mailbox has no such thing */
  push?: true;
  /** without Relais' client certificate */
  anonymous?: true;
  /** the connection may be cut instead of answered */
  mayCut?: true;
}

/** No part of Relais is above 8 MiB, near 11 MiB once sealed and encoded. */
const OVERSIZED_BYTES = 24 << 20;

const foreignKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

/** Under Relais' own key id, by another key. */
const impostor = (genuine: Signer): Signer => ({
  kid: genuine.kid,
  sign: (claims, typ) => signCompact(claims, { kid: genuine.kid, typ }, foreignKey),
});

/** Relais' own signature, over other claims. */
const claiming =
  (changed: (messageId: string) => object): NonNullable<Change['signer']> =>
  (genuine, messageId) => ({
    kid: genuine.kid,
    sign: (claims, typ) => genuine.sign({ ...claims, ...changed(messageId) }, typ),
  });

const renumbered = (parts: readonly Listed[]) => parts.map((part, i) => ({ ...part, n: i + 1 }));

export const BAD_CASES: readonly BadCase[] = [
  {
    id: 'ciphertext-changed',
    title: 'contenu chiffré modifié d’un caractère',
    change: { jwe: (jwe) => withSegment(jwe, 3, flipped) },
  },
  {
    id: 'tag-changed',
    title: 'sceau du chiffrement modifié',
    change: { jwe: (jwe) => withSegment(jwe, 4, flipped) },
  },
  {
    id: 'sealed-to-another',
    title: 'scellé pour une clé qui n’est pas celle du destinataire',
    change: { request: (request) => ({ ...request, own: true }) },
  },
  {
    id: 'signed-by-another',
    title: 'signature intérieure d’une clé étrangère, sous le nom de celle de Relais',
    change: { signer: impostor },
  },
  {
    id: 'signed-for-another-use',
    title: 'signature de Relais faite pour un autre usage (reçu)',
    change: {
      signer: (genuine) => ({ kid: genuine.kid, sign: (claims) => genuine.sign(claims, JWS_TYPES.receipt) }),
    },
  },
  {
    id: 'digest-of-another',
    title: 'empreinte signée d’un autre contenu',
    change: { signer: claiming(() => ({ digest: digestOf(Buffer.from('autre contenu')) })) },
  },
  {
    id: 'type-differs',
    title: 'type signé différent de celui de l’événement',
    change: { signer: claiming(() => ({ type: 'fr.relais-st.epreuve.autre.v1' })) },
  },
  {
    id: 'sender-differs',
    title: 'émetteur signé différent de celui de l’événement',
    change: { signer: claiming(() => ({ sender: 'un-autre' })) },
  },
  {
    id: 'recipient-differs',
    title: 'signé pour un autre destinataire',
    change: { signer: claiming(() => ({ recipient: 'un-autre' })) },
  },
  {
    id: 'message-id-differs',
    title: 'signé pour un autre message',
    change: { signer: claiming(() => ({ messageId: uuidv7.next() })) },
  },
  {
    id: 'envelope-of-another',
    title: 'enveloppe d’un autre message',
    change: {
      request: (request) => ({ ...request, claims: { ...request.claims, messageId: uuidv7.next() } }),
      signer: claiming((messageId) => ({ messageId })),
    },
  },
  {
    id: 'not-from-relais',
    title: 'événement dont la source n’est pas Relais',
    change: { attributes: (one) => ({ ...one, source: 'urn:relais:partner:un-autre' }) },
  },
  {
    id: 'delivery-differs',
    title: 'événement d’une autre remise (relaisdelivery)',
    change: { attributes: (one) => ({ ...one, relaisdelivery: uuidv7.next() }) },
  },
  {
    id: 'correlation-differs',
    title: 'échange ajouté, ou autre que celui signé (correlationid)',
    change: { attributes: (one) => ({ ...one, correlationid: uuidv7.next() }) },
  },
  {
    id: 'last-visit-differs',
    title: 'date de dernière visite ajoutée, ou autre que celle signée',
    change: { attributes: (one) => ({ ...one, lastvisit: '2001-01-01' }) },
  },
  {
    id: 'part-missing',
    title: 'manifeste auquel il manque une partie',
    inParts: true,
    change: { listed: (parts) => parts.slice(0, -1) },
  },
  {
    id: 'part-extra',
    title: 'manifeste qui annonce une partie de trop',
    inParts: true,
    change: { listed: (parts) => renumbered([...parts, ...parts.slice(-1)]) },
  },
  {
    id: 'parts-reordered',
    title: 'manifeste dont les parties ont changé de place',
    inParts: true,
    change: { listed: (parts) => renumbered(parts.toReversed()) },
  },
  {
    id: 'part-changed',
    title: 'partie qui n’est pas celle que le manifeste annonce',
    inParts: true,
    change: { served: (jwe) => Buffer.from(withSegment(jwe.toString('latin1'), 3, flipped), 'latin1') },
  },
  {
    id: 'manifest-by-another',
    title: 'manifeste signé d’une clé étrangère, sous le nom de celle de Relais',
    inParts: true,
    change: { manifestSigner: impostor },
  },
  {
    id: 'no-id',
    title: 'événement sans identifiant',
    push: true,
    change: { attributes: ({ id: _, ...others }) => others },
  },
  {
    id: 'content-type',
    title: 'type de média inattendu (text/plain)',
    push: true,
    change: { attributes: (one) => ({ ...one, datacontenttype: 'text/plain' }) },
  },
  {
    id: 'oversized',
    title: 'corps de 24 Mio, plus que Relais n’envoie jamais',
    push: true,
    mayCut: true,
    change: { data: (data) => Buffer.concat([data, Buffer.alloc(OVERSIZED_BYTES - data.length, 'A')]) },
  },
  {
    id: 'no-client-certificate',
    title: 'appelant sans le certificat client de Relais',
    push: true,
    anonymous: true,
    mayCut: true,
    change: {},
  },
];

function withSegment(compact: string, at: number, change: (segment: string) => string): string {
  return compact
    .split('.')
    .map((segment, i) => (i === at ? change(segment) : segment))
    .join('.');
}

/** A character of the middle: those at the end may hold bits that nobody reads. */
function flipped(segment: string): string {
  const at = Math.floor(segment.length / 2);
  return `${segment.slice(0, at)}${segment[at] === 'A' ? 'B' : 'A'}${segment.slice(at + 1)}`;
}
