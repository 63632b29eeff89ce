/** What was decrypted, where a person can read it: small parts are kept too, lines go straight to their file. */
import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Audience, GenuineDelivery, OpenedPart } from '#client';

const LINES = 'application/x-ndjson';
const EXTENSIONS: Record<string, string> = {
  'application/json': 'json',
  'application/pdf': 'pdf',
  'application/xml': 'xml',
  'application/fhir+json': 'fhir.json',
  [LINES]: 'ndjson',
  'text/csv': 'csv',
  'text/xml': 'xml',
};

export interface WrittenParts {
  parts: OpenedPart[];
  files: string[];
  lineFiles: ReadonlyMap<Audience, string>;
}

export interface ReceivedLine {
  audience: Audience;
  /** from 1, in the file of that audience */
  n: number;
  text: string;
}

/** One file a part: `<object>-<message>-A.pdf`, `-H` for the health professionals' part; one an audience for lines. */
export async function writeParts(
  folder: string,
  delivery: GenuineDelivery,
  object: string,
): Promise<WrittenParts> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const parts: OpenedPart[] = [];
  const files: string[] = [];
  const lineFiles = new Map<Audience, string>();
  for await (const part of delivery.parts()) {
    const { audience, datacontenttype, content, n } = part;
    const extension = EXTENSIONS[datacontenttype] ?? 'bin';
    const name = `${object}-${delivery.event.id}-${audience === 'enc' ? 'A' : 'H'}`;
    if (datacontenttype === LINES) {
      const begun = lineFiles.get(audience);
      const file = begun ?? join(folder, `${name}.${extension}`);
      writeFileSync(file, content, { mode: 0o600, flag: begun === undefined ? 'w' : 'a' });
      if (begun === undefined) files.push(file);
      lineFiles.set(audience, file);
      continue;
    }
    const repeated = parts.some((other) => other.audience === audience);
    const file = join(folder, `${name}${repeated ? n : ''}.${extension}`);
    writeFileSync(file, content, { mode: 0o600 });
    parts.push(part);
    files.push(file);
  }
  return { parts, files, lineFiles };
}

export async function* linesOf(files: ReadonlyMap<Audience, string>): AsyncGenerator<ReceivedLine> {
  for (const [audience, file] of files) {
    let n = 0;
    for await (const text of createInterface({ input: createReadStream(file) }))
      yield { audience, n: ++n, text };
  }
}
