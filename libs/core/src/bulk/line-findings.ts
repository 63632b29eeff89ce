import { afterCheckFindings } from '../checks/after-check.ts';
import type { NamedFlow } from '../checks/flow.ts';
import { parseJson } from '../checks/json.ts';
import type { BulkContract } from '../contract.ts';
import { asBrokerError, type Finding } from '../errors.ts';
import type { Line } from './line-splitter.ts';

/** What is wrong with one line, by its schema, then by the flow's rules. Nothing of the line is repeated. */
export function lineFindings({ n, bytes }: Line, named: NamedFlow, bulk: BulkContract): readonly Finding[] {
  const json = parsedLine(bytes, bulk);
  if ('findings' in json) return json.findings;
  const { inForce, object, contract } = named;
  const shape = inForce.schemaFindings(object, json.value, bulk.schema);
  if (shape.length > 0) return shape;
  const rules = inForce.flow.hooks[object]?.checkLine?.(json.value, n) ?? [];
  const { afterCheck } = contract;
  return afterCheck === undefined ? rules : [...rules, ...afterCheckFindings(afterCheck, json.value)];
}

export function parsedLine(
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
