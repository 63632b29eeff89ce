/**
 * Leak hunt: 5 000 invented workers pass through the flows that must not tell who they are, and what the recipients open
 * is searched for every value of theirs. The hunt is first shown to find what is planted.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { hunt, type Trace, type TraceKind, TraceSet, tracesOf } from '#confidentiality';
import { isUnder, valueAt } from '#core';
import type { Worker } from '../../apps/cli/src/generate/world.ts';
import { judgedBy } from '../peers/programs.ts';
import { everythingIn } from './everything-in.ts';
import { PACKED } from './pack.ts';
import { aServiceOf, type Output, type Sent, sentIn } from './sent-by-a-service.ts';

const WORKERS = 5_000;
const SEED = 20_261_122;
/** Seconds of a loaded machine. */
const PATIENCE = 180_000;

const FLOWS = ['hdh-feed', 'sumer', 'mcp', 'evrest', 'cnam-risks', 'dgt-annual', 'employer-portal'];

/**
 * What is not hunted, for it may be told: to an employer who of its staff an avis or an appointment is about, there, by
 * these members alone, and who signed (a doctor may bear a worker's first name); by an employer, its own staff.
 */
const worker = (at: string) =>
  ['birthName', 'usedName', 'firstNames', 'birthDate'].map((member) => `${at}/${member}`);
const SIGNED = ['/output/professional/name', '/recommendations/professional/name'];
const TOLD: Readonly<Record<string, readonly string[]>> = {
  'employer-view': [
    ...worker('/output/worker'),
    ...worker('/recommendations/worker'),
    ...worker('/establishment/staff/*/worker'),
    ...worker('/establishment/appointments/*/worker'),
    ...SIGNED,
  ],
  // some were hired on the day on which others were born
  declaration: [...worker('/lines/*/worker'), '/lines/*/from', '/lines/*/to'],
};
const NAMES: readonly TraceKind[] = ['birth-name', 'used-name', 'first-name', 'name-joined', 'birth-date'];

let service: ReturnType<typeof aServiceOf>;
let everybody: TraceSet;
let numbers: TraceSet;
/** somebody who has a value of every kind */
let one: Worker;

beforeAll(() => {
  service = aServiceOf(WORKERS, SEED);
  const traces = service.everybody.flatMap(tracesOfWorker);
  everybody = new TraceSet(traces);
  numbers = new TraceSet(traces.filter(({ kind }) => !NAMES.includes(kind)));
  one = whoHasAll();
}, PATIENCE);

function tracesOfWorker({ matricule, dossier: { identity } }: Worker): Trace[] {
  return tracesOf({
    ...identity,
    // of everybody, also of whom the service could not qualify
    ins: matricule,
    ...identity.contact,
    localIds: [identity.localId.value],
  });
}

const KINDS: readonly TraceKind[] = [
  ...NAMES,
  'ins',
  'ins-with-key',
  'address',
  'phone',
  'email',
  'local-id',
];

function whoHasAll(): Worker {
  const found = service.everybody.find((worker) => {
    const kinds = new Set(tracesOfWorker(worker).map(({ kind }) => kind));
    return KINDS.every((kind) => kinds.has(kind));
  });
  if (found === undefined) throw new Error('nobody has a value of every kind');
  return found;
}

/** What somebody could have let slip, as they would have written it. */
function slips({ matricule, dossier: { identity } }: Worker): [kind: TraceKind, text: string][] {
  const { value, key } = matricule;
  const { birthName, usedName = '', firstNames, birthDate, contact, localId } = identity;
  const [first = ''] = firstNames;
  const [year, month, day] = birthDate.split('-');
  const capital = (name: string) => name.charAt(0) + name.slice(1).toLowerCase();
  return [
    ['ins', value],
    ['ins', value.replace(/^(.)(..)(..)(..)(...)(...)$/, '$1 $2 $3 $4 $5 $6')],
    ['ins-with-key', `${value}${key}`],
    ['ins-with-key', `${value} ${key}`],
    ['birth-name', birthName.toLowerCase()],
    ['used-name', capital(usedName)],
    ['first-name', capital(first)],
    ['name-joined', `${first}${birthName}`.toLowerCase().replaceAll(' ', '')],
    ['name-joined', `${capital(birthName)}-${capital(first)}`],
    ['birth-date', `${year}-${month}-${day}`],
    ['birth-date', `${day}/${month}/${year}`],
    ['birth-date', `${year}${month}${day}`],
    ['address', (contact?.address ?? '').toUpperCase()],
    ['phone', (contact?.phone ?? '').replaceAll(' ', '')],
    ['phone', `+33 ${(contact?.phone ?? '').slice(1)}`],
    ['email', contact?.email ?? ''],
    ['local-id', localId.value],
  ];
}

/** A copy with one more member or line. */
function planted({ bytes, ...output }: Output, text: string): Output {
  const whole = bytes.toString();
  const copy =
    output.mediaType === 'text/csv'
      ? `${whole}note,"${text}"\r\n`
      : whole.replace('{', () => `{"note":${JSON.stringify(text)},`);
  return { ...output, bytes: Buffer.from(copy) };
}

/** Everything that the recipient of the flow may read, but what an employer may be told. */
function readable(outputs: readonly Output[]): Buffer {
  const texts = outputs.flatMap(({ object, bytes }) => {
    const told = TOLD[object];
    return everythingIn(
      told === undefined ? bytes : Buffer.from(JSON.stringify(without(JSON.parse(bytes.toString()), told))),
    );
  });
  return Buffer.concat(texts.flatMap((text) => [text, Buffer.from('\n')]));
}

function without(json: unknown, pointers: readonly string[], at = ''): unknown {
  if (Array.isArray(json)) return json.map((item, n) => without(item, pointers, `${at}/${n}`));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json)
      .map(([name, value]) => [name, value, `${at}/${name}`] as const)
      .filter(([, , pointer]) => !pointers.some((pattern) => isUnder(pointer, pattern)))
      .map(([name, value, pointer]) => [name, without(value, pointers, pointer)]),
  );
}

function linesOf({ object, bytes }: Output): { worker: { birthDate: string }; from?: string; to?: string }[] {
  return object === 'declaration' ? JSON.parse(bytes.toString()).lines : [];
}

const kindsIn = (bytes: Uint8Array, traces = everybody) => [
  ...new Set(hunt(bytes, traces).map(({ kind }) => kind)),
];

it('the dossiers that go in hold every kind of value, the key of the matricule apart, and the hunt sees them', () => {
  const dossiers = Buffer.from(
    service.everybody
      .slice(0, 200)
      .map(({ dossier }) => JSON.stringify(dossier))
      .join('\n'),
  );
  expect(kindsIn(dossiers).toSorted()).toEqual(KINDS.filter((kind) => kind !== 'ins-with-key').toSorted());
});

describe.each(FLOWS)('%s', (id) => {
  let sent: Sent;
  /** one of each kind of part */
  let kindsOfParts: Output[];

  beforeAll(async () => {
    sent = await sentIn(id, service);
    kindsOfParts = [...Map.groupBy(sent.outputs, partOf).values()].flatMap(([first]) => first ?? []);
  }, PATIENCE);

  const partOf = ({ object, mediaType }: Output) => `${object} ${mediaType}`;
  const short = (output: Output): Output =>
    output.mediaType === 'application/x-ndjson'
      ? { ...output, bytes: output.bytes.subarray(0, output.bytes.indexOf('\n')) }
      : output;

  it('its contract takes all that the sender made', () => {
    expect(sent.contents).toBeGreaterThan(100);
    expect(sent.findings).toEqual([]);
  });

  it(
    'a value that slips into a part is found: plain, in base64, in hexadecimal',
    () => {
      for (const part of kindsOfParts.map(short)) {
        expect(kindsIn(readable([part])), partOf(part)).toEqual([]);
        for (const [kind, text] of slips(one)) {
          for (const form of [
            text,
            Buffer.from(`note : ${text}.`).toString('base64'),
            Buffer.from(`note : ${text}.`).toString('hex'),
          ])
            expect(kindsIn(readable([planted(part, form)])), `${kind} in ${partOf(part)}`).toContain(kind);
        }
      }
    },
    PATIENCE,
  );

  judgedBy(['pdftotext', 'qpdf', 'unzip', 'zip'], 'packed', () => {
    it.each(PACKED)(
      'in %s, each kind of value is found',
      async (_, pack) => {
        const packed = await pack(
          slips(one)
            .map(([, text]) => text)
            .join('\n'),
        );
        for (const part of kindsOfParts.map(short)) {
          const carrying = planted(part, packed.toString('base64'));
          for (const output of [carrying, { ...part, object: 'attachment', bytes: packed }])
            expect(kindsIn(readable([output])).toSorted(), partOf(part)).toEqual([...KINDS].toSorted());
        }
      },
      PATIENCE,
    );
  });

  it(
    'nothing of 5 000 workers is in all that the recipients open; one value planted among it is found',
    () => {
      expect(service.everybody.length).toBeGreaterThanOrEqual(WORKERS);
      expect(hunt(readable(sent.outputs), everybody)).toEqual([]);
      const middle = Math.floor(sent.outputs.length / 2);
      const spoilt = sent.outputs.map((output, n) =>
        n === middle ? planted(output, slips(one)[0]?.[1] ?? '') : output,
      );
      expect(kindsIn(readable(spoilt))).toEqual(['ins']);
    },
    PATIENCE,
  );

  if (id !== 'employer-portal') return;
  it(
    'where an employer is told who, it is told names and the birth date, and no number or address',
    () => {
      const all = Buffer.concat(sent.outputs.map(({ bytes }) => bytes));
      expect(kindsIn(all).toSorted()).toEqual([...NAMES].toSorted());
      expect(hunt(all, numbers)).toEqual([]);
      const signed = sent.outputs.flatMap(({ bytes }) =>
        SIGNED.flatMap((at) => valueAt(JSON.parse(bytes.toString()), at) ?? []),
      );
      const signatures = Buffer.from([...new Set(signed)].join('\n'));
      expect(signatures.length).toBeGreaterThan(50);
      expect(kindsIn(signatures)).toEqual(['first-name']);
      for (const { worker: who, from, to } of sent.outputs.flatMap(linesOf))
        expect([from, to]).not.toContain(who.birthDate);
      const view = sent.outputs.find(({ bytes }) => bytes.includes('"output"'));
      const text = view?.bytes.toString() ?? '';
      const slipped = text.replace('"firstNames":[', `"firstNames":["${one.matricule.value}",`);
      expect(slipped).not.toBe(text);
      expect(kindsIn(Buffer.from(slipped), numbers)).toEqual(['ins']);
    },
    PATIENCE,
  );
});
