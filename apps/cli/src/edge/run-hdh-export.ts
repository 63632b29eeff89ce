/** `relais edge --flow hdh-feed`: the batch to send, and the matching lines sealed for the trusted third party. */
import { createHash, X509Certificate } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CompactEncrypt } from 'jose';
import { BrokerError, parseJson } from '#core';
import type { Dmst } from '#core/dmst';
import { writeDurably } from '../durable.ts';
import { EdgeInput } from './edge-input.ts';
import { type HdhExport, hdhExport, type MatchingLine } from './hdh-feed.ts';

export interface HdhExportFiles {
  /** dossiers, one a line */
  from: string;
  /** HdhExport and the third party's certificate, JSON */
  settings: HdhExport & { thirdParty: string };
  out: string;
  /** of the sender: `out/` beneath it is for the third party */
  folder: string;
}

export interface HdhExported {
  lines: number;
  opposed: number;
  notQualified: number;
  refused: number;
  matchingFile: string;
}

/** @throws BrokerError `content.invalid` with the place in a dossier that is none */
export async function runHdhExport({ from, settings, out, folder }: HdhExportFiles): Promise<HdhExported> {
  async function* dossiers(): AsyncGenerator<Dmst> {
    for await (const text of createInterface({ input: createReadStream(from) }))
      if (text.trim() !== '') yield new EdgeInput({ dmst: parseJson(Buffer.from(text)) }).dossier();
  }
  const matching: MatchingLine[] = [];
  const exported = { lines: 0, opposed: 0, notQualified: 0, refused: 0 };
  const file = openSync(out, 'w', 0o600);
  try {
    for await (const one of hdhExport(dossiers, settings)) {
      if (one.kind === 'header' || one.kind === 'line') writeSync(file, `${JSON.stringify(one.json)}\n`);
      if (one.kind === 'line') {
        matching.push(one.matching);
        exported.lines += 1;
      } else if (one.kind === 'opposed') exported.opposed += 1;
      else if (one.kind === 'not-qualified') exported.notQualified += 1;
      else if (one.kind === 'refused') exported.refused += 1;
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  const into = join(folder, 'out');
  mkdirSync(into, { recursive: true, mode: 0o700 });
  const matchingFile = join(into, `matching-${settings.exportId}.jwe`);
  writeDurably(matchingFile, Buffer.from(await sealedFor(settings.thirdParty, matching)));
  return { ...exported, matchingFile };
}

/** NDJSON in a compact JWE, the same way as everything that Relais seals: RSA-OAEP-256, A256GCM, kid = x5t#S256. */
async function sealedFor(pem: string, lines: readonly MatchingLine[]): Promise<string> {
  const certificate = new X509Certificate(pem);
  const kid = createHash('sha256').update(certificate.raw).digest('base64url');
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  return new CompactEncrypt(Buffer.from(text))
    .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid, cty: 'application/x-ndjson' })
    .encrypt(certificate.publicKey);
}

/** The settings file; `thirdParty` names a certificate file. */
export function readHdhSettings(path: string): HdhExportFiles['settings'] {
  const { thirdParty, ...rest } = JSON.parse(readFileSync(path, 'utf8')) as HdhExport & {
    thirdParty: string;
  };
  if (typeof thirdParty !== 'string' || !Array.isArray(rest.opposition?.opposed))
    throw new BrokerError('configuration.invalid', {
      detail: 'Réglages attendus : exportId, mode, period, information, opposition.opposed, thirdParty.',
    });
  return { ...rest, thirdParty: readFileSync(thirdParty, 'utf8') };
}
