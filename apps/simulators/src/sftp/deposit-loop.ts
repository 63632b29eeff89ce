/**
 * A partner that takes its deposits from a folder: what has a manifest is complete. It is opened with the partner's own
 * keys, answered by a file, then removed. Everything is written under another name first, as Relais does.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { eventFromJson, type Outcome, type RelaisEvent } from '#client';

export interface DepositPlace {
  /** where Relais writes, where it reads */
  deposits: string;
  acknowledgements: string;
}

export interface Taken {
  outcome: Outcome;
  /** content of the flow's own acknowledgement */
  acknowledgement?: object;
}

export interface DepositLoopOptions {
  signal: AbortSignal;
  onTrouble: (error: unknown) => void;
  everyMs?: number;
}

const MANIFEST = '.manifest.jws';

export async function depositLoop(
  place: DepositPlace,
  take: (event: RelaisEvent, data: Uint8Array) => Promise<Taken>,
  { signal, onTrouble, everyMs = 100 }: DepositLoopOptions,
): Promise<void> {
  for (const folder of [place.deposits, place.acknowledgements])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  while (!signal.aborted) {
    for (const name of readdirSync(place.deposits).filter((one) => one.endsWith(MANIFEST))) {
      const id = name.slice(0, -MANIFEST.length);
      try {
        await takeOne(place, id, take);
      } catch (error) {
        onTrouble(error);
      }
    }
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

/** `fetchPart` of an inbox whose parts lie in the folder. */
export async function partOf({ deposits }: DepositPlace, deliveryId: string, n: number): Promise<Uint8Array> {
  return readFileSync(join(deposits, `${deliveryId}.${n}.jwe`));
}

async function takeOne(
  { deposits, acknowledgements }: DepositPlace,
  id: string,
  take: (event: RelaisEvent, data: Uint8Array) => Promise<Taken>,
): Promise<void> {
  const manifest = readFileSync(join(deposits, `${id}${MANIFEST}`), 'utf8');
  const attributes = JSON.parse(readFileSync(join(deposits, `${id}.event.json`), 'utf8')) as object;
  const { event, data } = eventFromJson({ ...attributes, data: manifest });
  const { outcome, acknowledgement } = await take(event, data);
  const file = join(acknowledgements, `${id}.ack.json`);
  const said = {
    ...{ format: 'relais-ack/1', messageId: event.id, deliveryId: id, ...outcome },
    ...(acknowledgement === undefined ? {} : { acknowledgement }),
  };
  writeFileSync(`${file}.tmp`, JSON.stringify(said), { mode: 0o600 });
  renameSync(`${file}.tmp`, file);
  // the manifest first: what is left without it is no deposit
  for (const name of [`${id}${MANIFEST}`, `${id}.event.json`]) rmSync(join(deposits, name));
  for (let n = 1; existsSync(join(deposits, `${id}.${n}.jwe`)); n++) rmSync(join(deposits, `${id}.${n}.jwe`));
}
