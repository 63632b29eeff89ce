/**
 * Deposit in a folder of the partner's SFTP server: the sealed parts as they are, the attributes of the event, and last
 * the signed manifest, whose presence says that the rest is complete. `placed` = it lies there; received is what the
 * partner says, by a file of its own.
 */
import {
  BrokerError,
  contextOf,
  MANIFEST_TYPE,
  manifestClaims,
  type Parcel,
  type SealedPart,
  type SftpChannel,
  type Signer,
  type Transport,
} from '#core';
import { deliveryAttributes, MANIFEST } from '../delivery-event.ts';
import { orAborted } from '../http/or-aborted.ts';
import { eventName, manifestName, partName } from './names.ts';
import { putFile } from './put-file.ts';
import { readWhole } from './remote-file.ts';
import type { SftpConnection } from './sftp-connection.ts';
import type { SftpLines } from './sftp-lines.ts';

export interface SftpDepositOptions {
  lines: SftpLines;
  /** of the manifest of a delivery that has one part only */
  signer: Signer;
  /** ms of one try: silence of the server ends it sooner */
  attemptTimeoutMs: number;
}

export class SftpDeposit implements Transport {
  readonly name = 'sftp';
  readonly attemptTimeoutMs: number;

  constructor(private readonly options: SftpDepositOptions) {
    this.attemptTimeoutMs = options.attemptTimeoutMs;
  }

  /** @throws BrokerError `transport.*`, `configuration.invalid`, `message.resend-needed` */
  async send(parcel: Parcel, signal: AbortSignal): Promise<'placed'> {
    const channel = parcel.recipient.channels?.sftp;
    if (channel === undefined) throw new BrokerError('configuration.invalid');
    const placed = this.options.lines.with(channel, (line) => this.#place(line, channel, parcel, signal));
    try {
      await orAborted(signal, placed);
    } catch (error) {
      if (error instanceof BrokerError) throw error;
      if (signal.aborted) throw new BrokerError('transport.unreachable', { cause: error });
      throw error;
    }
    return 'placed';
  }

  async #place(
    line: SftpConnection,
    { folder }: SftpChannel,
    parcel: Parcel,
    signal: AbortSignal,
  ): Promise<void> {
    const { delivery, message, exchange, attempt } = parcel;
    const manifest = Buffer.from(delivery.manifest ?? (await this.#manifestOf(parcel)));
    const last = `${folder}/${manifestName(delivery.id)}`;
    // an earlier try got as far, and its answer was lost
    const before = await this.#manifestThere(line, last, manifest.length);
    if (before !== undefined && saysTheSame(before, manifest)) return;
    // of another sealing: not to be read with the parts of this one
    if (before !== undefined) await line.remove(last);
    for (let n = 1; n <= Math.max(1, delivery.partCount); n++) {
      const { jwe } = await partOf(parcel, n);
      await putFile(line, folder, { name: partName(delivery.id, n), bytes: jwe }, signal);
    }
    const attributes = deliveryAttributes(message, delivery, attempt, exchange);
    const event = Buffer.from(JSON.stringify({ ...attributes, datacontenttype: MANIFEST }));
    await putFile(line, folder, { name: eventName(delivery.id), bytes: event }, signal);
    signal.throwIfAborted();
    await putFile(line, folder, { name: manifestName(delivery.id), bytes: manifest }, signal);
  }

  /** What stands under the manifest's name; undefined when nothing of about its size does. */
  async #manifestThere(line: SftpConnection, path: string, length: number): Promise<Buffer | undefined> {
    const found = await line.stat(path);
    if (found === undefined) return undefined;
    return found.isFile() && found.size === length ? readWhole(line, path, length) : Buffer.alloc(0);
  }

  async #manifestOf(parcel: Parcel): Promise<string> {
    const { delivery, message, exchange } = parcel;
    const context = { relaisdelivery: delivery.id, ...contextOf(message, exchange) };
    const claims = manifestClaims(message.id, [await partOf(parcel, 1)], context);
    return this.options.signer.sign(claims, MANIFEST_TYPE);
  }
}

async function partOf({ parts, readPart }: Parcel, n: number): Promise<SealedPart> {
  const part = parts.find((one) => one.n === n) ?? (await readPart(n));
  if (part === undefined) throw new BrokerError('message.resend-needed', { next: 'stop' });
  return part;
}

/** Header and claims: two signatures of the same are never equal. */
function saysTheSame(one: Buffer, other: Buffer): boolean {
  const said = (jws: Buffer) => jws.subarray(0, jws.lastIndexOf('.'));
  return one.includes('.') && said(one).equals(said(other));
}
