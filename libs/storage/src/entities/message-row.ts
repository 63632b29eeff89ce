import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Message, MessageStatus, Priority } from '#core';
import { BYTES } from '../dialect.ts';
import { asJson, type Row } from './row.ts';

@Entity('message')
export class MessageRow implements Row<Message> {
  @PrimaryColumn('text') id!: string;
  /** NULL once destroyed. Early in the row, so that it never lies in an overflow page */
  @Column(BYTES, { nullable: true, select: false }) wrappedKey!: Uint8Array | null;
  @Column('text', { select: false }) kekId!: string;
  @Column('text') sender!: string;
  @Column('text') senderId!: string;
  @Column('text') type!: string;
  @Column('text') flow!: string;
  @Column('text') object!: string;
  @Column('text', { transformer: asJson }) recipients!: string[];
  @Column('text') datacontenttype!: string;
  @Column('text', { nullable: true }) correlationId!: string | null;
  @Column('text', { nullable: true }) expiryTime!: string | null;
  @Column('text', { nullable: true }) subjectRef!: string | null;
  @Column('text', { nullable: true }) lastVisit!: string | null;
  @Column('text', { nullable: true }) traceparent!: string | null;
  @Column('text', { nullable: true }) senderSignature!: string | null;
  @Column('text', { nullable: true }) person!: string | null;
  @Column('text') digest!: string;
  @Column('integer') size!: number;
  @Column('text') status!: MessageStatus;
  @Column('text') receivedAt!: string;
  @Column('text') priority!: Priority;
  @Column('text', { nullable: true }) orderKey!: string | null;
  @Column('text') contractHash!: string;
  @Column('text', { nullable: true }) reason!: string | null;
  @Column('text') receipt!: string;
  /** until when the sender's id is remembered */
  @Column('text', { select: false }) keptUntil!: string;
  @Column('text', { nullable: true }) restoredAt!: string | null;
}
