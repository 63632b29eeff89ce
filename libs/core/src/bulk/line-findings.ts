import { afterCheckFindings } from '../checks/after-check.ts';
import { findingsOf } from '../checks/content.ts';
import type { NamedFlow } from '../checks/flow.ts';
import { parseJson } from '../checks/json.ts';
import type { BulkContract, CheckContext } from '../contract.ts';
import { asBrokerError, type Finding } from '../errors.ts';
import { type Line, LineSplitter } from './line-splitter.ts';

type Circumstances = Omit<CheckContext, 'campaign'>;

/** What is wrong with one line, by its schema, then by the flow's rules. Nothing of the line is repeated. */
export function lineFindings({ n, bytes }: Line, named: NamedFlow, bulk: BulkContract): readonly Finding[] {
  const json = parsed(bytes, bulk);
  if ('findings' in json) return json.findings;
  const { inForce, object, contract } = named;
  const shape = inForce.schemaFindings(object, json.value, bulk.schema);
  if (shape.length > 0) return shape;
  const rules = inForce.flow.hooks[object]?.checkLine?.(json.value, n) ?? [];
  const { afterCheck } = contract;
  return afterCheck === undefined ? rules : [...rules, ...afterCheckFindings(afterCheck, json.value)];
}

/** The same of a first line that holds for all the others: the contract's gates too. */
export function headerFindings(
  { bytes }: Line,
  named: NamedFlow,
  bulk: BulkContract,
  context: Circumstances,
): readonly Finding[] {
  const json = parsed(bytes, bulk);
  if ('findings' in json) return json.findings;
  const content = { mediaType: 'application/json', bytes: bytes as Uint8Array, json: json.value };
  return findingsOf(content, named, context, bulk.header);
}

/** What would be refused of lines that are all there: samples, a dry run. Each finding is placed by `onLine`. */
export function bulkFindings(
  bytes: Uint8Array,
  named: NamedFlow,
  bulk: BulkContract,
  context: Circumstances,
): Finding[] {
  const splitter = new LineSplitter(bulk.maxLineBytes);
  const [first, ...lines] = [...splitter.push(bytes), ...splitter.end()];
  if (first === undefined) return [NOTHING];
  const hasHeader = bulk.header !== undefined;
  const told = onLine(
    first,
    hasHeader ? headerFindings(first, named, bulk, context) : lineFindings(first, named, bulk),
  );
  if (hasHeader && told.length > 0) return told;
  if (hasHeader && lines.length === 0) return [NOTHING];
  return [...told, ...lines.flatMap((line) => onLine(line, lineFindings(line, named, bulk)))];
}

export const NOTHING: Finding = {
  pointer: '',
  code: 'bulk.empty',
  detail: 'Aucune ligne à transmettre.',
};

/** The whole seen as a list of lines: `/0` is the first. */
export function onLine({ n }: Line, findings: readonly Finding[]): Finding[] {
  return findings.map(({ pointer, code, detail }) => ({
    pointer: `/${n - 1}${pointer}`,
    code,
    detail: `Ligne ${n} : ${detail}`,
  }));
}

function parsed(
  bytes: Uint8Array | undefined,
  { maxLineBytes }: BulkContract,
): { value: unknown } | { findings: readonly Finding[] } {
  if (bytes === undefined) {
    const detail = `Ligne de plus de ${maxLineBytes} octets.`;
    return { findings: [{ pointer: '', code: 'bulk.line-too-long', detail }] };
  }
  try {
    return { value: parseJson(bytes) };
  } catch (error) {
    const { code, title, findings } = asBrokerError(error);
    if (findings.length > 0) return { findings };
    return { findings: [{ pointer: '', code, detail: `${title}.` }] };
  }
}
