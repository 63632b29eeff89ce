/** The samples that stand in each flow's folder, and what accept would say of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bulkFindings,
  type compileSchemas,
  contractFolder,
  type Finding,
  type Flow,
  findingsOf,
} from '#core';

export const ROOT = join(import.meta.dirname, '../../contracts');

export interface Sample {
  file: string;
  object: string;
  path: string;
}

/** `<object>.<name>.json`, `.ndjson` for an object that comes line by line; the expected findings of an invalid one stand beside it. */
export function samples(flow: Flow, kind: 'valid' | 'invalid'): Sample[] {
  const folder = join(ROOT, contractFolder(flow.contract), 'samples', kind);
  return readdirSync(folder)
    .filter((file) => /\.(nd)?json$/.test(file) && !file.endsWith('.findings.json'))
    .map((file) => ({ file, object: file.split('.')[0] as string, path: join(folder, file) }));
}

/** Of NDJSON, the list of its lines. */
export function json(path: string): unknown {
  const text = readFileSync(path, 'utf8');
  return path.endsWith('.ndjson')
    ? text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => JSON.parse(line) as unknown)
    : JSON.parse(text);
}

/** As accept does, on the first day of the campaign where there is one. */
export function told(
  flow: Flow,
  check: ReturnType<typeof compileSchemas>,
  { object, path }: Sample,
): Finding[] {
  const bytes = readFileSync(path);
  const contract = flow.contract.objects[object];
  if (contract === undefined) throw new Error(`${object}: no such object`);
  const inForce = { flow, open: true, hash: '', schemaFindings: check };
  const now = flow.contract.campaign?.opensAt ?? '2026-11-22T08:00:00.000Z';
  const named = { inForce, flow: flow.contract.flow, object, contract };
  const context = { now, recipients: [] };
  if (contract.bulk !== undefined) return bulkFindings(bytes, named, contract.bulk, context);
  const content = { mediaType: 'application/json', bytes, json: JSON.parse(bytes.toString()) as unknown };
  return findingsOf(content, named, context);
}
