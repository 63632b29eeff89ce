/**
 * The sender's side of the flows whose transform runs before anything leaves: dossier and answers in, what the contract
 * allows out. Relais checks the same guarantees again and refuses what does not hold them.
 */
import { flowOf } from '#contracts';
import {
  afterCheckFindings,
  BrokerError,
  compileSchemas,
  type Finding,
  type Flow,
  type SchemaCheck,
} from '#core';
import type { Dmst } from '#core/dmst';
import { EdgeInput } from './edge-input.ts';
import { evrestSheet } from './evrest.ts';
import { mcpFortnight } from './mcp.ts';
import { ownTraces } from './own-traces.ts';
import type { SenderFolder } from './sender-folder.ts';
import { sumerSheet } from './sumer.ts';

export interface EdgeFlow {
  /** object of the flow that comes out */
  object: string;
  transform(input: EdgeInput, sender: SenderFolder): unknown;
  /** dossiers whose values must not be found in what comes out */
  dossiers(input: EdgeInput): Dmst[];
}

/** One line a flow. */
export const EDGE: Readonly<Record<string, EdgeFlow>> = {
  sumer: {
    object: 'questionnaire',
    transform: (input, sender) =>
      sumerSheet(input, sender.sheetOf(input.text('/answers/survey'), input.dossier().identity)),
    dossiers: (input) => [input.dossier()],
  },
  mcp: {
    object: 'fortnight',
    transform: (input) => mcpFortnight(input),
    dossiers: (input) => input.items('/workers').map((worker) => worker.dossier()),
  },
  evrest: {
    object: 'sheet',
    transform: (input, sender) => evrestSheet(input, sender.keysOf('evrest')),
    dossiers: (input) => [input.dossier()],
  },
};

interface Limits {
  check: SchemaCheck;
  vocabulary: ReadonlySet<string>;
}

const known = new Map<string, Limits>();

function limitsOf(flow: Flow, schema: string): Limits {
  const limits = known.get(flow.contract.flow) ?? {
    check: compileSchemas(flow),
    vocabulary: listedValues(flow.schemas[schema]),
  };
  known.set(flow.contract.flow, limits);
  return limits;
}

/**
 * @throws BrokerError `flow.unknown`; `content.invalid` with findings: of the input, of what came out against the
 * contract, or of its own after-check. Refused, never cleaned.
 */
export function throughEdge(flowId: string, json: unknown, sender: SenderFolder): unknown {
  const edge = Object.hasOwn(EDGE, flowId) ? EDGE[flowId] : undefined;
  const flow = flowOf(flowId);
  const contract = flow?.contract.objects[edge?.object ?? ''];
  if (edge === undefined || flow === undefined || contract === undefined)
    throw new BrokerError('flow.unknown');
  const input = new EdgeInput(json);
  const output = edge.transform(input, sender);
  const { check, vocabulary } = limitsOf(flow, contract.schema ?? '');
  refuse([
    ...check(edge.object, output),
    ...(contract.afterCheck === undefined ? [] : afterCheckFindings(contract.afterCheck, output)),
    ...ownTraces(edge.dossiers(input), output, vocabulary),
  ]);
  return output;
}

/** Every `enum` and `const` of a schema. */
export function listedValues(schema: unknown): Set<string> {
  const found = new Set<string>();
  const waiting = [schema];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (typeof node !== 'object' || node === null) continue;
    const { enum: listed, const: only } = node as { enum?: unknown; const?: unknown };
    if (Array.isArray(listed)) for (const value of listed) found.add(String(value));
    if (typeof only === 'string') found.add(only);
    waiting.push(...Object.values(node));
  }
  return found;
}

function refuse(findings: readonly Finding[]): void {
  if (findings.length > 0) throw new BrokerError('content.invalid', { findings });
}
