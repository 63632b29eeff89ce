import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Exchange, ExchangeState } from '#core';
import { asFlag, type Row } from './row.ts';

@Entity('exchange')
export class ExchangeRow implements Row<Exchange> {
  @PrimaryColumn('text') id!: string;
  @Column('text') flow!: string;
  @Column('text', { nullable: true }) groupId!: string | null;
  @Column('text') requestId!: string;
  @Column('text') requester!: string;
  @Column('text') responder!: string;
  @Column('text') subjectRef!: string;
  @Column('text') state!: ExchangeState;
  @Column('text', { nullable: true }) sourceState!: ExchangeState | null;
  @Column('text') openedAt!: string;
  @Column('text') acknowledgeBy!: string;
  @Column('text') deadline!: string;
  @Column('text') reminderAt!: string;
  @Column('integer', { transformer: asFlag }) reminded!: boolean;
  @Column('text') expiresAt!: string;
  @Column('integer', { transformer: asFlag }) overdue!: boolean;
  @Column('text', { nullable: true }) answerId!: string | null;
  @Column('text', { nullable: true }) lastVisit!: string | null;
  @Column('text', { nullable: true }) refusal!: string | null;
  @Column('text') updatedAt!: string;
  @Column('text', { nullable: true }) requesterWorker!: string | null;
  @Column('text', { nullable: true }) responderWorker!: string | null;
}
