import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Delivery, DeliveryState, Priority, Receipt, TransportName } from '#core';
import { asJson, type Row } from './row.ts';

@Entity('delivery')
export class DeliveryRow implements Row<Delivery> {
  @PrimaryColumn('text') id!: string;
  @Column('text') messageId!: string;
  @Column('text') recipient!: string;
  @Column('text') transport!: TransportName;
  @Column('text') flow!: string;
  @Column('text') type!: string;
  @Column('text') state!: DeliveryState;
  @Column('integer') attempts!: number;
  @Column('text') priority!: Priority;
  @Column('text', { nullable: true }) orderKey!: string | null;
  @Column('text', { nullable: true }) exchangeId!: string | null;
  @Column('text') createdAt!: string;
  @Column('text', { nullable: true }) nextTryAt!: string | null;
  @Column('text') expiresAt!: string;
  @Column('text', { nullable: true }) lastError!: string | null;
  @Column('text', { nullable: true, transformer: asJson }) receipt!: Receipt | null;
  @Column('text', { nullable: true }) manifest!: string | null;
  @Column('integer') partCount!: number;
  /** when the sealed parts may be purged; NULL again once they are */
  @Column('text', { nullable: true, select: false }) keptUntil!: string | null;
  /** of the mailbox: until when it is not shown again */
  @Column('text', { nullable: true, select: false }) leaseUntil!: string | null;
  @Column('text', { nullable: true }) subject!: string | null;
  @Column('text', { nullable: true }) topic!: string | null;
}
