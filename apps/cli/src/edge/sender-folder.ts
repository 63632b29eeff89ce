/** What stays at the sender: the keys of its pseudonyms, and which sheet is whose. Its own folder, never the broker's. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawLinkId, PseudonymKeys } from '#confidentiality';
import { BrokerError } from '#core';
import type { Dmst } from '#core/dmst';
import { writeDurably } from '../durable.ts';

interface Correspondence {
  survey: string;
  sheetId: string;
  localId: Dmst['identity']['localId'];
}

export class SenderFolder {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /**
   * `<flow>.keys`: one key a line (base64url), the one in use first; drawn when there is none.
   * @throws BrokerError `configuration.invalid` when the file holds something else
   */
  keysOf(flow: string): PseudonymKeys {
    const file = join(this.folder, `${flow}.keys`);
    if (!existsSync(file)) writeDurably(file, Buffer.from(`${randomBytes(32).toString('base64url')}\n`));
    const [current, ...former] = lines(file).map((line) => Buffer.from(line, 'base64url'));
    try {
      return new PseudonymKeys(current ?? new Uint8Array(), former);
    } catch {
      throw new BrokerError('configuration.invalid', {
        detail: `${flow}.keys : clé trop courte ou répétée.`,
      });
    }
  }

  /** A worker keeps the number drawn for a survey: a sheet sent again is the same sheet. */
  sheetOf(survey: string, { localId }: Dmst['identity']): string {
    const file = join(this.folder, 'sumer-correspondence.ndjson');
    const known = existsSync(file) ? lines(file).map((line) => JSON.parse(line) as Correspondence) : [];
    const found = known.find(
      (one) =>
        one.survey === survey && one.localId.system === localId.system && one.localId.value === localId.value,
    );
    if (found !== undefined) return found.sheetId;
    const drawn: Correspondence = { survey, sheetId: `S${drawLinkId()}`, localId };
    const all = [...known, drawn].map((one) => `${JSON.stringify(one)}\n`).join('');
    writeDurably(file, Buffer.from(all));
    return drawn.sheetId;
  }
}

function lines(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}
