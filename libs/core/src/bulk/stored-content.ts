/** The content of a bulk message as it lies at rest, opened chunk by chunk. */
import { BrokerError } from '../errors.ts';
import type { SealedAtRest } from '../message.ts';
import { release } from '../release.ts';
import type { Stages } from '../stages.ts';
import { LineSplitter } from './line-splitter.ts';

export class StoredContent {
  private constructor(
    private readonly stages: Pick<Stages, 'records' | 'vault'>,
    private readonly messageId: string,
    private readonly atRest: SealedAtRest,
    private readonly chunkCount: number,
    /** of the content in clear */
    readonly size: number,
  ) {}

  static async of(stages: Pick<Stages, 'records' | 'vault'>, messageId: string): Promise<StoredContent> {
    const stored = await stages.records.payloadSize(messageId);
    if (stored === undefined || stored.chunks === 0) throw new BrokerError('internal', { next: 'stop' });
    const { atRest, chunks, bytes } = stored;
    const size = bytes - chunks * stages.vault.chunkOverhead;
    return new StoredContent(stages, messageId, atRest, chunks, size);
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    const { records, vault } = this.stages;
    const open = vault.opener(this.atRest, this.messageId);
    for (let n = 0; n < this.chunkCount; n++) {
      const chunk = await records.payloadChunk(this.messageId, n);
      if (chunk === undefined) throw new BrokerError('internal', { next: 'stop' });
      const plain = open(chunk, n, n === this.chunkCount - 1);
      release(chunk);
      yield plain;
      release(plain);
    }
  }

  /** Lines without their line feeds. */
  async *lines(maxLineBytes: number): AsyncGenerator<Uint8Array[]> {
    const splitter = new LineSplitter(maxLineBytes);
    for await (const chunk of this.chunks())
      yield Array.from(splitter.push(chunk), ({ bytes }) => bytes as Uint8Array);
    yield Array.from(splitter.end(), ({ bytes }) => bytes as Uint8Array);
  }
}
