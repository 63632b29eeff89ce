import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { HeldDecision, HeldIdentity, HeldProposal } from '#core';
import { BYTES } from '../dialect.ts';
import { asJson, type Row } from './row.ts';

@Entity('held_identity')
export class HeldIdentityRow implements Row<Omit<HeldIdentity, 'details'>> {
  @PrimaryColumn('text') id!: string;
  @Column('text') messageId!: string;
  @Column('text') partner!: string;
  @Column('text', { transformer: asJson }) reasons!: string[];
  @Column('text') heldAt!: string;
  @Column('text', { nullable: true, transformer: asJson }) decision!: HeldDecision | null;
  @Column(BYTES, { nullable: true }) wrappedKey!: Uint8Array | null;
  @Column('text') kekId!: string;
  @Column(BYTES) bytes!: Uint8Array;
  @Column('text', { nullable: true, transformer: asJson }) proposal!: HeldProposal | null;
  /** the decision's instant, for figures */
  @Column('text', { nullable: true, select: false }) decidedAt!: string | null;
}
