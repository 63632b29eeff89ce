/** What the recipients of the flows that must name nobody open, when a whole invented service sends: the true code, without a broker. */
import { flowOf } from '#contracts';
import {
  bulkFindings,
  compileSchemas,
  type Finding,
  type Flow,
  findingsOf,
  type HookContext,
  parseJson,
} from '#core';
import { contentTools } from '../../apps/broker/src/engine/content-tools.ts';
import { type HdhExport, hdhExport } from '../../apps/cli/src/edge/hdh-feed.ts';
import { fullDmst } from '../../apps/cli/src/generate/dmst.ts';
import type { Generated } from '../../apps/cli/src/generate/generated.ts';
import { GENERATORS } from '../../apps/cli/src/generate/generators.ts';
import {
  createWorld,
  type Establishment,
  type Worker,
  type World,
} from '../../apps/cli/src/generate/world.ts';

/** A part as its recipient decrypts it. */
export interface Output {
  object: string;
  mediaType: string;
  bytes: Buffer;
}

export interface Sent {
  outputs: Output[];
  /** contents that the sender made */
  contents: number;
  /** what the contract says against them */
  findings: Finding[];
}

/** A world that ends: whole establishments, until they have so many workers. All are drawn once and kept. */
export function aServiceOf(count: number, seed: number): World & { everybody: readonly Worker[] } {
  const world = createWorld({ seed });
  const establishments: Establishment[] = [];
  const everybody: Worker[] = [];
  for (const establishment of world.establishments()) {
    if (everybody.length >= count) break;
    establishments.push(establishment);
    everybody.push(...world.workersOf(establishment));
  }
  return {
    ...world,
    everybody,
    establishments: () => establishments,
    workers: () => everybody,
    workersOf: ({ firstWorker, headcount }) => everybody.slice(firstWorker, firstWorker + headcount),
  };
}

/** At the sender its edge, at Relais the contract's own checks and transform. Equal parts are given once. */
export async function sentIn(id: string, world: World): Promise<Sent> {
  const flow = flowOf(id);
  if (flow === undefined) throw new Error(`${id} is no flow`);
  const made: Generated[] = [];
  for await (const one of contentsOf(id, world)) made.push(one);
  const check = compileSchemas(flow);
  const sent: Sent = { outputs: [], contents: 0, findings: [] };
  const seen = new Set<string>();
  for (const [object, contents] of Map.groupBy(made, (one) => one.object)) {
    sent.contents += contents.length;
    const { outputs, findings } = through(
      flow,
      object,
      contents.map(({ json }) => json),
      check,
    );
    sent.findings.push(...findings);
    for (const output of outputs) {
      const text = output.bytes.toString('latin1');
      if (!seen.has(text)) sent.outputs.push(output);
      seen.add(text);
    }
  }
  return sent;
}

async function* contentsOf(id: string, world: World): AsyncGenerator<Generated> {
  if (id !== 'hdh-feed') {
    yield* GENERATORS[id]?.generate(world) ?? [];
    return;
  }
  const workers = [...world.workers()];
  const opposed = workers.filter(({ opposedToReuse }) => opposedToReuse);
  const settings: HdhExport = {
    exportId: '7f1e9a52-3c1d-4b7a-9c55-0d6a8e1f2b34',
    mode: 'full',
    period: { from: `${world.today.slice(0, 4)}-01`, to: world.today.slice(0, 7) },
    information: { informedAt: '2025-01-15', recordedBy: 'DPO' },
    opposition: {
      appliedAt: `${world.today}T06:00:00Z`,
      listVersion: world.today.slice(0, 7),
      opposed: opposed.map(({ dossier }) => ({ localId: dossier.identity.localId })),
    },
  };
  const random = world.random('hdh-feed links');
  const draw = () => Buffer.from(Array.from({ length: 16 }, () => random.int(0, 255))).toString('base64url');
  for await (const one of hdhExport(() => workers.map((worker) => fullDmst(worker)), settings, draw)) {
    if (one.kind === 'refused') throw new Error(`the edge refuses dossier ${one.n}`);
    if (one.kind === 'header' || one.kind === 'line') yield { object: 'dmst-batch', json: one.json };
  }
}

function through(
  flow: Flow,
  object: string,
  contents: readonly unknown[],
  schemaFindings: ReturnType<typeof compileSchemas>,
): Pick<Sent, 'outputs' | 'findings'> {
  const contract = flow.contract.objects[object];
  if (contract === undefined) throw new Error(`${object} is no object of ${flow.contract.flow}`);
  const inForce = { flow, open: true, hash: '', schemaFindings };
  const named = { inForce, flow: flow.contract.flow, object, contract };
  const now = flow.contract.campaign?.opensAt ?? '2026-06-30T08:00:00.000Z';
  const context = { now, recipients: [] };
  const { divide, divideLine } = flow.hooks[object] ?? {};
  if (contract.bulk !== undefined) {
    const bytes = Buffer.from(contents.map((json) => `${JSON.stringify(json)}\n`).join(''));
    const [header, ...lines] = contents;
    const own = contract.bulk.header === undefined ? contents : lines;
    const told =
      divideLine === undefined
        ? [bytes]
        : [
            Buffer.from(JSON.stringify(header)),
            ...own.flatMap((json) =>
              divideLine(json, CONTEXT).parts.map((part) => Buffer.from(JSON.stringify(part.json))),
            ),
          ];
    return {
      findings: bulkFindings(bytes, named, contract.bulk, context),
      outputs: told.map((part) => ({ object, mediaType: 'application/x-ndjson', bytes: part })),
    };
  }
  const findings: Finding[] = [];
  const outputs = contents.flatMap((made): Output[] => {
    const bytes = Buffer.from(JSON.stringify(made));
    const content = { mediaType: 'application/json', bytes, json: parseJson(bytes) };
    findings.push(...findingsOf(content, named, context));
    const parts = divide?.(content, CONTEXT).parts ?? [{ mediaType: content.mediaType, bytes }];
    return parts.map((part) => {
      if (part.bytes === undefined) throw new Error(`${object}: a document is not rendered here`);
      return { object, mediaType: part.mediaType, bytes: Buffer.from(part.bytes) };
    });
  });
  return { findings, outputs };
}

const CONTEXT: HookContext = {
  messageId: '00000000-0000-7000-8000-000000000001',
  sender: { id: 'spsti-a', name: 'SPSTI A (fictif)' },
  receivedAt: '2026-06-30T08:00:00.000Z',
  digest: `sha-256:${'0'.repeat(64)}`,
  tools: contentTools,
};
