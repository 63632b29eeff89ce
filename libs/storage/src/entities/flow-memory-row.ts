import { Column, Entity, PrimaryColumn } from 'typeorm';
import { asJson } from './row.ts';

/** What a flow keeps of earlier messages of one sender: patterns and figures, never content. */
@Entity('flow_memory')
export class FlowMemoryRow {
  @PrimaryColumn('text') flow!: string;
  @PrimaryColumn('text') partner!: string;
  @PrimaryColumn('text') key!: string;
  @Column('text', { transformer: asJson }) value!: unknown;
  @Column('text') at!: string;
}
