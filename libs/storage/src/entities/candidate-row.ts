import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Candidate } from '#core';
import { BYTES } from '../dialect.ts';
import type { Row } from './row.ts';

@Entity('candidate')
export class CandidateRow implements Row<Omit<Candidate, 'atRest'>> {
  @PrimaryColumn('text') id!: string;
  @Column('text') exchangeId!: string;
  @Column('text') depositedAt!: string;
  @Column('text') depositedBy!: string;
  @Column(BYTES) wrappedKey!: Uint8Array;
  @Column('text') kekId!: string;
  @Column(BYTES) head!: Uint8Array;
  /** up to ten megabytes: read only when one leaves */
  @Column(BYTES, { select: false }) bytes!: Uint8Array;
}
