/** Of five thousand generated workers, what leaves for three recipients holds no trace that it may not hold. */
import { beforeAll, describe, expect, it } from 'vitest';
import { hunt, TraceSet, tracesOf } from '#confidentiality';
import { flowOf } from '#contracts';
import type { Flow, HookContext } from '#core';
import { contentTools } from '../../apps/broker/src/engine/content-tools.ts';
import { GENERATORS } from '../../apps/cli/src/generate/generators.ts';
import { createWorld, take, type Worker } from '../../apps/cli/src/generate/world.ts';

const WORKERS = 5_000;
const world = createWorld({ seed: 20_261_122 });

/** What nobody but the service and the worker holds; employers know names and birth dates of their staff. */
const NEVER = ['ins', 'ins-with-key', 'address', 'phone', 'email', 'local-id'];
const NOBODY = [...NEVER, 'birth-name', 'first-name', 'used-name', 'name-joined', 'birth-date'];

/** flow, how many messages tell of the five thousand, kinds of traces that must not be there */
const OUTPUTS: [flow: string, messages: number, never: readonly string[]][] = [
  ['cnam-risks', 250, NOBODY],
  ['dgt-annual', WORKERS / 40, NOBODY],
  ['employer-portal', 5_000, NEVER],
];

function traced({ dossier, matricule }: Worker) {
  const { contact, localId, ins: _, ...traits } = dossier.identity;
  return { ...traits, ...contact, ins: { value: matricule.value }, localIds: [localId.value] };
}

function plantsOf({ dossier, matricule }: Worker): [kind: string, plant: string][] {
  const { birthName, firstNames, birthDate, contact } = dossier.identity;
  const [year, month, day] = birthDate.split('-');
  return [
    ['ins', matricule.value],
    ['ins', Buffer.from(matricule.value).toString('base64')],
    ['ins', Buffer.from(matricule.value).toString('hex')],
    ['ins-with-key', `${matricule.value} ${matricule.key}`],
    ['phone', contact?.phone ?? ''],
    ['name-joined', `${firstNames[0]} ${birthName}`],
    ['birth-date', `${day}/${month}/${year}`],
  ];
}

/** Every part of every message that Relais sends on. */
function leaving(id: string, messages: number): Buffer {
  const flow = flowOf(id) as Flow;
  const parts: Uint8Array[] = [];
  for (const { object, json } of take(GENERATORS[id]?.generate(world) ?? [], messages)) {
    const divide = flow.hooks[object]?.divide;
    if (divide === undefined) continue;
    const bytes = Buffer.from(JSON.stringify(json));
    const content = { mediaType: 'application/json', bytes, json };
    const divided = divide(content, { tools: contentTools } as HookContext);
    parts.push(...divided.parts.map((part) => part.bytes ?? Buffer.alloc(0)));
  }
  return Buffer.concat(parts);
}

describe('the hunt', () => {
  let traces: TraceSet;
  let somebody: Worker;

  beforeAll(() => {
    const workers = [...take(world.workers(), WORKERS)];
    somebody = workers.find(({ dossier }) => dossier.identity.contact?.phone !== undefined) as Worker;
    traces = new TraceSet(workers.flatMap((worker) => tracesOf(traced(worker))));
  }, 60_000);

  it.each(OUTPUTS)(
    'in what leaves of %s finds what is planted, then nothing',
    (id, messages, never) => {
      const output = leaving(id, messages);
      expect(output.byteLength).toBeGreaterThan(50_000);
      const kindsIn = (bytes: Buffer) =>
        new Set(hunt(bytes, traces).flatMap(({ kind }) => (never.includes(kind) ? [kind] : [])));
      const middle = Math.floor(output.byteLength / 2);
      for (const [kind, plant] of plantsOf(somebody).filter(([kind]) => never.includes(kind))) {
        const planted = Buffer.concat([
          output.subarray(middle, middle + 10_000),
          Buffer.from(` ${plant} `),
          output.subarray(middle + 10_000, middle + 20_000),
        ]);
        expect([...kindsIn(planted)], plant).toContain(kind);
      }
      expect([...kindsIn(output)]).toEqual([]);
    },
    120_000,
  );
});
