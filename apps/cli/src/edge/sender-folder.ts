/** What stays at the sender: the keys of its pseudonyms, and which sheet is whose. Its own folder, never the broker's. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { drawLinkId, PseudonymKeys } from '#confidentiality';
import { BrokerError } from '#core';
import type { Dmst } from '#core/dmst';
import { appendDurably, writeDurably } from '../durable.ts';

interface Correspondence {
  survey: string;
  sheetId: string;
  localId: Dmst['identity']['localId'];
}

export class SenderFolder {
  readonly #sheetsFile: string;
  readonly #sheets = new Map<string, string>();
  /** bytes of the file that the map tells */
  #sheetsRead = 0;

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#sheetsFile = join(folder, 'sumer-correspondence.ndjson');
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
    const key = JSON.stringify([survey, localId.system, localId.value]);
    const known = this.#readSheets().get(key);
    if (known !== undefined) return known;
    const drawn: Correspondence = { survey, sheetId: `S${drawLinkId()}`, localId };
    const line = Buffer.from(`${JSON.stringify(drawn)}\n`);
    appendDurably(this.#sheetsFile, line);
    this.#sheets.set(key, drawn.sheetId);
    this.#sheetsRead += line.length;
    return drawn.sheetId;
  }

  /** Read again only when it grew: another process of the sender may have drawn meanwhile. */
  #readSheets(): ReadonlyMap<string, string> {
    const size = existsSync(this.#sheetsFile) ? statSync(this.#sheetsFile).size : 0;
    if (size === this.#sheetsRead) return this.#sheets;
    this.#sheetsRead = size;
    for (const line of lines(this.#sheetsFile)) {
      const { survey, sheetId, localId } = JSON.parse(line) as Correspondence;
      const key = JSON.stringify([survey, localId.system, localId.value]);
      // of two drawn at the same time the first stays
      if (!this.#sheets.has(key)) this.#sheets.set(key, sheetId);
    }
    return this.#sheets;
  }
}

function lines(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}
