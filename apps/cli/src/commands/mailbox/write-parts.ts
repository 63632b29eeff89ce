import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type GenuineDelivery, NotGenuine } from '#client';
import { appendDurably, syncFolder, writeDurably } from '../../durable.ts';

const LINES = 'application/x-ndjson';
const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/json': 'json',
  'application/fhir+json': 'json',
  'application/pdf': 'pdf',
  'application/xml': 'xml',
};

export interface WrittenPart {
  file: string;
  bytes: number;
}

/**
 * One file a part, `<message>-<n>-A` or `-H` for the health professionals'; lines of one audience in one file,
 * `<message>-A.ndjson`, part after part. Whole and on disk when this resolves.
 */
export async function writeParts(folder: string, delivery: GenuineDelivery): Promise<WrittenPart[]> {
  const { id } = delivery.event;
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new NotGenuine('delivery', 'not a message id');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const written: WrittenPart[] = [];
  const lines = new Map<string, WrittenPart>();
  for await (const { n, audience, datacontenttype, content } of delivery.parts()) {
    const reader = audience === 'enc' ? 'A' : 'H';
    if (datacontenttype === LINES) {
      const known = lines.get(reader) ?? { file: join(folder, `${id}-${reader}.ndjson`), bytes: 0 };
      if (known.bytes === 0) rmSync(draftOf(known), { force: true });
      appendDurably(draftOf(known), content);
      lines.set(reader, { ...known, bytes: known.bytes + content.length });
      continue;
    }
    const file = join(folder, `${id}-${n}-${reader}.${EXTENSIONS[datacontenttype] ?? 'bin'}`);
    writeDurably(file, content);
    written.push({ file, bytes: content.length });
  }
  // until then it is not whole
  for (const part of lines.values()) renameSync(draftOf(part), part.file);
  syncFolder(folder);
  return [...written, ...lines.values()];
}

function draftOf({ file }: WrittenPart): string {
  return `${file}.tmp`;
}
