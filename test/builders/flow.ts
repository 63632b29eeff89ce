/** A small flow that has one object for each thing a contract can ask of the stages; nothing medical in it. */
import {
  acknowledgementObject,
  acknowledgementSchema,
  type Content,
  compileSchemas,
  type Flow,
  type FlowInForce,
  type GateContract,
  type IdentityQuestion,
  type Incoming,
  type ObjectContract,
  partnerSource,
  refusedBy,
} from '#core';

const plain = {
  title: 'Note (essai)',
  major: 1,
  senders: ['spsti'],
  recipients: { kinds: ['spsti'], max: 3 },
  mediaTypes: ['application/json', 'application/pdf'],
  schema: 'note',
  maxBytes: 50_000_000,
  priority: 'interactive',
  identity: 'none',
  gates: [],
  transform: { at: 'none', removes: [] },
  transformLabel: 'aucune',
  requires: [],
  lifeHours: 48,
  replayDays: 30,
  retention: { sealedUntil: 'received', sealedDays: 7 },
  audience: 'enc',
} as const satisfies ObjectContract;

const LINES = { schema: 'note', maxLineBytes: 100_000, maxLines: 200_000 } as const;
const inLines = {
  ...plain,
  mediaTypes: ['application/x-ndjson'],
  maxBytes: 20_000_000,
  priority: 'bulk',
  afterCheck: { shapes: ['email'], except: [] },
} as const;

const fromRelais = { ...plain, senders: [], mediaTypes: ['application/json'], schema: 'any' } as const;

const ASKED = {
  answeredBy: 'view',
  acknowledgeWithinHours: 1,
  reminderAfterHours: 5,
  answerWithinHours: 8,
  expiresAfterHours: 30,
} as const;

const objects: Record<string, ObjectContract> = {
  note: plain,
  /** people of the recipient read it at Relais, if they have their pages there */
  shown: { ...plain, onPages: true },
  /** somebody is named in it: identity is verified */
  named: { ...plain, identity: 'verify' },
  /** somebody is named in it by a sender that is no service: verified for the recipient */
  told: { ...plain, identity: 'verify' },
  /** one after the other, by `key` */
  keyed: plain,
  /** a PDF is made of it */
  sheet: plain,
  /** part A for the service, part H for its health professionals */
  split: plain,
  /** taken by the transport under a mandate, nothing sealed */
  question: { ...plain, recipients: { kinds: ['insi'], fixed: 'insi', max: 1 } },
  result: { ...fromRelais, recipients: { kinds: ['spsti'], max: 1 } },
  gated: { ...plain, gates: [{ gate: 'non-opposition' }] },
  shut: { ...plain, gates: [{ gate: 'nobody-wrote-it' } as unknown as GateContract] },
  /** line by line, the bad ones left out */
  lines: { ...inLines, bulk: { ...LINES, header: 'head', onBadLine: 'skip' } },
  /** all of them, or none */
  whole: { ...inLines, bulk: { ...LINES, onBadLine: 'all-or-nothing' } },
  /** each line for the service, `third` for its health professionals */
  halves: { ...inLines, bulk: { ...LINES, header: 'head', onBadLine: 'skip' } },
  ask: {
    ...plain,
    opens: { ...ASKED, answeredBy: 'reply', refusedBy: 'refusal', remindedBy: 'reminder' },
  },
  /** its clock is the content's: eight hours, or so many as `key` says */
  clocked: { ...plain, opens: ASKED },
  /** done, or not: nothing of its own comes back but what became of it */
  deed: { ...plain, opens: { ...ASKED, answeredBy: 'acknowledgement', remindedBy: 'reminder' } },
  acknowledgement: acknowledgementObject('Accusé (essai)', ['spsti'], ['spsti']),
  /** answers, or comes unasked */
  view: { ...plain, answers: true },
  reply: {
    ...plain,
    requires: ['correlationid', 'lastvisit'],
    answers: true,
    retention: { sealedUntil: 'filed', sealedDays: 7 },
    reportsOpening: 'access',
  },
  refusal: { ...plain, requires: ['correlationid'], answers: true, discreet: true },
  reminder: fromRelais,
  access: fromRelais,
};

/** What a test writes into a note. */
export interface Note {
  text: string;
  /** splits, names, orders: read by the hooks below */
  key?: string;
  /** removed before anything leaves */
  third?: string;
  legalGate?: unknown;
}

const read = ({ json }: Content) => json as Note;

const flow: Flow = {
  contract: { flow: 'essai', title: 'Essai', version: '1.0.0', sources: ['tests'], objects },
  schemas: {
    note: {
      type: 'object',
      additionalProperties: false,
      required: ['text'],
      properties: {
        text: { type: 'string', maxLength: 40_000_000 },
        key: { type: 'string', maxLength: 10 },
        third: { type: 'string', maxLength: 10 },
        legalGate: {},
      },
    },
    any: { type: 'object' },
    acknowledgement: acknowledgementSchema(['done', 'not-done']),
    head: {
      type: 'object',
      additionalProperties: false,
      required: ['batch'],
      properties: { batch: { type: 'integer' } },
    },
  },
  hooks: {
    shown: {
      divide: (content) => ({
        parts: [{ audience: 'enc', mediaType: content.mediaType, bytes: content.bytes }],
        removed: 0,
        told: { to: { siret: read(content).text }, topic: 'essai' },
      }),
    },
    note: { check: (content) => (content.json !== undefined && read(content).text === 'rule' ? [RULE] : []) },
    named: {
      identity: (_, sender): IdentityQuestion => ({
        spsti: sender,
        traits: { birthName: 'ADRUN', firstNames: ['ZOE'], sex: 'F', birthDate: '1975-12-31' },
        startedBy: 'system',
      }),
      divide: (content, { verdict }) => ({
        parts: [
          {
            audience: 'enc',
            mediaType: 'application/json',
            bytes: Buffer.from(JSON.stringify({ text: read(content).text, status: verdict?.status })),
          },
        ],
        removed: 0,
      }),
    },
    told: {
      identity: (_, __, [recipient = '']): IdentityQuestion => ({
        spsti: recipient,
        traits: { birthName: 'ADRUN', firstNames: ['ZOE'], sex: 'F', birthDate: '1975-12-31' },
        startedBy: 'system',
      }),
    },
    keyed: { orderKey: (content) => read(content).key },
    sheet: {
      divide: () => ({
        parts: [{ audience: 'enc', mediaType: 'application/pdf', document: SHEET }],
        removed: 0,
      }),
    },
    split: {
      divide: ({ bytes, ...content }) => ({
        parts: [
          { audience: 'enc', mediaType: 'text/plain', bytes: Buffer.from('part A') },
          { audience: 'enc-h', mediaType: 'application/json', bytes },
        ],
        removed: read({ bytes, ...content }).third === undefined ? 0 : 1,
      }),
    },
    clocked: { clock: (content) => ({ ...ASKED, answerWithinHours: Number(read(content).key ?? 8) }) },
    acknowledgement: { publicRefusal: refusedBy },
    lines: { checkLine: (json) => ((json as Note).text === 'rule' ? [RULE] : []) },
    halves: {
      divideLine(json) {
        const { third, ...rest } = json as Note;
        return {
          parts: [
            { audience: 'enc', json: rest },
            ...(third === undefined ? [] : [{ audience: 'enc-h' as const, json: { third } }]),
          ],
          removed: third === undefined ? 0 : 1,
        };
      },
    },
    refusal: { publicRefusal: () => 'R03' },
  },
};

const RULE = { pointer: '/text', code: 'essai.rule', detail: 'Règle d’essai.' };

const SHEET = {
  title: 'Fiche',
  language: 'fr-FR',
  audience: 'A',
  date: '2026-01-01T00:00:00.000Z',
  reference: 'essai',
  identity: {
    birthName: 'ADRUN',
    firstNames: ['ZOE'],
    sex: 'F',
    birthDate: '1975-12-31',
    status: 'PROV',
    attributes: [],
  },
  essentials: [],
  sections: [],
  sources: [],
  readers: 'essai',
} as const;

export const essai: FlowInForce = {
  flow,
  hash: 'e'.repeat(64),
  open: true,
  schemaFindings: compileSchemas(flow),
};

let sent = 0;

/** A note that service b sends to service a; every attribute may be changed. */
export function anEvent(object: string, changes: Partial<Incoming['event']> = {}): Incoming['event'] {
  return {
    id: `sent-${++sent}`,
    source: partnerSource('spsti-b'),
    type: `fr.relais-st.essai.${object}.v1`,
    datacontenttype: 'application/json',
    ...(object === 'question' ? {} : { recipient: 'spsti-a' }),
    ...changes,
  };
}
