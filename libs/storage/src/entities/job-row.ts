import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Job, Stage } from '#core';
import type { Row } from './row.ts';

@Entity('job')
export class JobRow implements Row<Job> {
  @PrimaryColumn('text') id!: string;
  @Column('text') stage!: Stage;
  @Column('text') lane!: string;
  @Column('integer') rank!: 0 | 1;
  @Column('text') messageId!: string;
  @Column('text', { nullable: true }) deliveryId!: string | null;
  @Column('text', { nullable: true }) orderKey!: string | null;
  @Column('text') runAt!: string;
  @Column('integer') attempts!: number;
  @Column('text', { nullable: true }) lease!: string | null;
  @Column('text', { nullable: true }) leaseUntil!: string | null;
  /** claims in a row that came to no end */
  @Column('integer', { default: 0 }) unended!: number;
}
