import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { NotGenuine, type OpenedDelivery } from '#client';
import { writeDurably } from '../../durable.ts';

const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/json': 'json',
  'application/fhir+json': 'json',
  'application/pdf': 'pdf',
  'application/xml': 'xml',
  'application/x-ndjson': 'ndjson',
};

export interface WrittenPart {
  file: string;
  bytes: number;
}

/** One file a part, `<message>-<n>-A` or `-H` for the health professionals', whole and on disk when this returns. */
export function writeParts(folder: string, { event, parts }: OpenedDelivery): WrittenPart[] {
  if (!/^[0-9a-f-]{36}$/.test(event.id)) throw new NotGenuine('delivery', 'not a message id');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return parts.map(({ n, audience, datacontenttype, content }) => {
    const extension = EXTENSIONS[datacontenttype] ?? 'bin';
    const file = join(folder, `${event.id}-${n}-${audience === 'enc' ? 'A' : 'H'}.${extension}`);
    writeDurably(file, content);
    return { file, bytes: content.length };
  });
}
