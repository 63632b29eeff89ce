import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RecordedEntry } from '#core';
import type { Row } from './row.ts';

@Entity('journal_entry')
export class JournalEntryRow implements Row<RecordedEntry> {
  @PrimaryColumn('text') id!: string;
  @Column('text') at!: string;
  /** the exact text that was hashed */
  @Column('text') body!: string;
  @Column('text') hash!: string;
  @Column('text', { nullable: true, select: false }) messageId!: string | null;
  @Column('integer', { nullable: true, select: false }) seal!: number | null;
  @Column('integer', { nullable: true, select: false }) position!: number | null;
}
