/** The operations of the service, the same on both sides: what is asked, what is answered (interops.xsd). */
import type { XmlElement } from 'libxml2-wasm';
import { unreadable } from '../soap/read-xml.ts';
import type { XmlTree } from '../soap/write-xml.ts';
import { type Attachments, type Carried, contentTree, readContent } from './content.ts';
import { NS } from './names.ts';
import { attribute, children, elements, instantOf, is, only, value } from './read-xml.ts';

/** Transmettre: one object of a flow. */
export interface Transmission {
  /** stable across attempts */
  id: string;
  flow: string;
  object: string;
  major: number;
  /** partner ids, where the contract leaves a choice */
  recipient?: string;
  /** reconciliation key: the exchange */
  key?: string;
  subjectRef?: string;
  lastVisit?: string;
  expires?: string;
  /** above 1: perhaps a repeat */
  attempt?: number;
  /** one, or a form and its twins (a table as JSON and as CSV) */
  contents: readonly Carried[];
}

export type Asked =
  | { operation: 'Transmettre'; transmission: Transmission }
  /** answers that wait for whoever asks */
  | { operation: 'Interroger'; key?: string; flow?: string; most: number }
  | { operation: 'Accuser'; delivery: string; outcome: string; code?: string }
  /** traces of the asker's own vectors */
  | { operation: 'ConsulterTraces'; from: string; to?: string; vector?: string; key?: string }
  | { operation: 'SignalerComportement'; vector?: string; key?: string; reason: SuspectReason };

export type Operation = Asked['operation'];

export const SUSPECT_REASONS = [
  'vecteur-non-emis',
  'usage-anormal',
  'habilitation-abusive',
  'certificat-compromis',
] as const;
export type SuspectReason = (typeof SUSPECT_REASONS)[number];

/** What is given back for one that waits. */
export interface Waiting {
  delivery: string;
  message: string;
  /** event type */
  type: string;
  sender: string;
  key?: string;
  attempt: number;
  content: Carried;
}

const optionally = (name: string, given: string | number | undefined): XmlTree | undefined =>
  given === undefined ? undefined : [`io:${name}`, String(given)];

/** @param contentIds where a content lies beside the envelope, by its place; undefined = inline */
export function askedTree(asked: Asked, contentIds: readonly (string | undefined)[] = []): XmlTree {
  switch (asked.operation) {
    case 'Transmettre': {
      const { attempt, contents, expires, flow, id, key, lastVisit, major, object, recipient, subjectRef } =
        asked.transmission;
      return [
        'io:Transmettre',
        [
          ['io:Identifiant', id],
          ['io:Flux', flow],
          ['io:Objet', object],
          ['io:Version', String(major)],
          optionally('Destinataire', recipient),
          optionally('CleReconciliation', key),
          optionally('ReferenceSujet', subjectRef),
          optionally('DerniereVisite', lastVisit),
          optionally('ExpireLe', expires),
          optionally('Tentative', attempt),
          ...contents.map((content, n) => contentTree(content, contentIds[n])),
        ],
      ];
    }
    case 'Interroger':
      return [
        'io:Interroger',
        [
          optionally('CleReconciliation', asked.key),
          optionally('Flux', asked.flow),
          optionally('Nombre', asked.most),
        ],
      ];
    case 'Accuser':
      return [
        'io:Accuser',
        [['io:Remise', asked.delivery], ['io:Issue', asked.outcome], optionally('Code', asked.code)],
      ];
    case 'ConsulterTraces':
      return [
        'io:ConsulterTraces',
        [
          ['io:Depuis', asked.from],
          optionally('Jusqua', asked.to),
          optionally('Vecteur', asked.vector),
          optionally('CleReconciliation', asked.key),
        ],
      ];
    case 'SignalerComportement':
      return [
        'io:SignalerComportement',
        [
          optionally('Vecteur', asked.vector),
          optionally('CleReconciliation', asked.key),
          ['io:Motif', asked.reason],
        ],
      ];
  }
}

/** @throws BrokerError `transport.bad-answer`: no operation of the service, or not its shape */
export function readAsked(element: XmlElement, attachments: Attachments): Asked {
  if (element.namespaceUri !== NS.io) throw unreadable();
  const fields = new Fields(element);
  const asked = readOperation(element, fields, attachments);
  fields.done();
  return asked;
}

function readOperation(element: XmlElement, fields: Fields, attachments: Attachments): Asked {
  const { name } = element;
  switch (name) {
    case 'Transmettre':
      return {
        operation: name,
        transmission: {
          id: fields.need('Identifiant'),
          flow: fields.need('Flux'),
          object: fields.need('Objet'),
          major: fields.whole('Version') ?? 1,
          ...fields.some('recipient', 'Destinataire'),
          ...fields.some('key', 'CleReconciliation'),
          ...fields.some('subjectRef', 'ReferenceSujet'),
          ...fields.some('lastVisit', 'DerniereVisite'),
          ...fields.some('expires', 'ExpireLe'),
          ...attemptOf(fields),
          // several forms of one content are for recipients: what a sender sends is one
          contents: [readContent(fields.element('Contenu'), attachments)],
        },
      };
    case 'Interroger':
      return {
        operation: name,
        ...fields.some('key', 'CleReconciliation'),
        ...fields.some('flow', 'Flux'),
        most: Math.min(20, Math.max(1, fields.whole('Nombre') ?? 20)),
      };
    case 'Accuser':
      return {
        operation: name,
        delivery: fields.need('Remise'),
        outcome: fields.need('Issue'),
        ...fields.some('code', 'Code'),
      };
    case 'ConsulterTraces':
      return {
        operation: name,
        from: instantOf(fields.need('Depuis')),
        ...instant('to', fields.optional('Jusqua')),
        ...fields.some('vector', 'Vecteur'),
        ...fields.some('key', 'CleReconciliation'),
      };
    case 'SignalerComportement': {
      const motive = fields.need('Motif');
      const reason = SUSPECT_REASONS.find((one) => one === motive);
      if (reason === undefined) throw unreadable();
      return {
        operation: name,
        ...fields.some('vector', 'Vecteur'),
        ...fields.some('key', 'CleReconciliation'),
        reason,
      };
    }
    default:
      throw unreadable();
  }
}

function attemptOf(fields: Fields): { attempt?: number } {
  const attempt = fields.whole('Tentative');
  return attempt === undefined ? {} : { attempt };
}

function instant<N extends string>(name: N, text: string | undefined): { [K in N]?: string } {
  return (text === undefined ? {} : { [name]: instantOf(text) }) as { [K in N]?: string };
}

export function waitingTree(waiting: Waiting): XmlTree {
  return [
    'io:Remise',
    [
      ['io:Livraison', waiting.delivery],
      ['io:Message', waiting.message],
      ['io:Type', waiting.type],
      ['io:Emetteur', waiting.sender],
      optionally('CleReconciliation', waiting.key),
      ['io:Tentative', String(waiting.attempt)],
      contentTree(waiting.content),
    ],
  ];
}

export function readWaiting(answer: XmlElement, attachments: Attachments): Waiting[] {
  return children(answer, NS.io, 'Remise').map((element) => {
    const fields = new Fields(element);
    return {
      delivery: fields.need('Livraison'),
      message: fields.need('Message'),
      type: fields.need('Type'),
      sender: fields.need('Emetteur'),
      ...fields.some('key', 'CleReconciliation'),
      attempt: fields.whole('Tentative') ?? 1,
      content: readContent(fields.element('Contenu'), attachments),
    };
  });
}

/** Answer to Transmettre. */
export interface Taken {
  message: string;
  status: 'accepte' | 'deja-recu';
  receivedAt: string;
  digest: string;
  key?: string;
  /** our signed receipt */
  receipt?: string;
}

export function takenTree(taken: Taken, vector: string): XmlTree {
  return [
    'io:TransmettreReponse',
    [
      ['io:Message', taken.message],
      ['io:Statut', taken.status],
      ['io:RecuLe', taken.receivedAt],
      ['io:Empreinte', taken.digest],
      optionally('CleReconciliation', taken.key),
      optionally('Recepisse', taken.receipt),
    ],
    { vecteur: vector },
  ];
}

/** What a partner answered to Transmettre: a receipt, and perhaps its answer at once. */
export function readTaken(
  element: XmlElement,
  attachments: Attachments,
): { vector: string; message: string; status: string; answer?: { object: string; content: Carried } } {
  if (!is(element, NS.io, 'TransmettreReponse')) throw unreadable();
  const [result, ...more] = children(element, NS.io, 'Resultat');
  if (more.length > 0) throw unreadable();
  const read = {
    vector: attribute(element, 'vecteur'),
    message: value(only(element, NS.io, 'Message')),
    status: value(only(element, NS.io, 'Statut')),
  };
  if (read.status !== 'accepte' && read.status !== 'deja-recu') throw unreadable();
  if (result === undefined) return read;
  const content = readContent(only(result, NS.io, 'Contenu'), attachments);
  return { ...read, answer: { object: value(only(result, NS.io, 'Objet')), content } };
}

/** Children of an operation, each known and there once at most. */
class Fields {
  readonly #left = new Map<string, XmlElement>();

  constructor(operation: XmlElement) {
    for (const element of elements(operation)) {
      if (element.namespaceUri !== NS.io || this.#left.has(element.name)) throw unreadable();
      this.#left.set(element.name, element);
    }
  }

  element(name: string): XmlElement {
    const found = this.#left.get(name);
    if (found === undefined) throw unreadable();
    this.#left.delete(name);
    return found;
  }

  need(name: string): string {
    return value(this.element(name));
  }

  optional(name: string): string | undefined {
    return this.#left.has(name) ? this.need(name) : undefined;
  }

  some<N extends string>(as: N, name: string): { [K in N]?: string } {
    const found = this.optional(name);
    return (found === undefined ? {} : { [as]: found }) as { [K in N]?: string };
  }

  whole(name: string): number | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    if (!/^[1-9]\d{0,3}$/.test(text)) throw unreadable();
    return Number(text);
  }

  /** what nobody asked for is not passed over */
  done(): void {
    if (this.#left.size > 0) throw unreadable();
  }
}
