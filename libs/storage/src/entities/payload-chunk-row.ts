import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BYTES } from '../dialect.ts';

/** At most 1 MiB of ciphertext of an original. May come before its message. */
@Entity('payload_chunk')
export class PayloadChunkRow {
  @PrimaryColumn('text') messageId!: string;
  @PrimaryColumn('integer') n!: number;
  @Column('text') at!: string;
  @Column(BYTES) bytes!: Uint8Array;
}
