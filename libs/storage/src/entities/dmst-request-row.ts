import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DmstRequest, IdentityStatus } from '#core';
import { BYTES } from '../dialect.ts';
import { asJson, type Row } from './row.ts';

@Entity('dmst_request')
export class DmstRequestRow implements Row<Omit<DmstRequest, 'worker'>> {
  @PrimaryColumn('text') id!: string;
  @Column('text') partner!: string;
  @Column('text') author!: string;
  @Column('text') state!: DmstRequest['state'];
  @Column('text') createdAt!: string;
  @Column('text') expiresAt!: string;
  @Column('text') informedAt!: string;
  @Column('text') recordedBy!: string;
  @Column('text', { nullable: true }) evidenceSeen!: string | null;
  @Column('text') identityStatus!: IdentityStatus;
  @Column('text', { transformer: asJson }) sources!: string[];
  @Column('text', { nullable: true }) best!: string | null;
  @Column('text', { nullable: true }) cancelReason!: 'opposition' | 'error' | null;
  @Column(BYTES, { nullable: true }) wrappedKey!: Uint8Array | null;
  @Column('text') kekId!: string;
  @Column(BYTES) bytes!: Uint8Array;
  /** of a closed one: when its worker is erased; NULL again once that is done */
  @Column('text', { nullable: true, select: false }) keptUntil!: string | null;
  @Column('text', { nullable: true }) workerRef!: string | null;
}
