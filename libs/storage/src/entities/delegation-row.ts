import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Delegation } from '#core';
import type { Row } from './row.ts';

@Entity('delegation')
export class DelegationRow implements Row<Delegation> {
  @PrimaryColumn('text') id!: string;
  @Column('text') partner!: string;
  @Column('text') physicianRpps!: string;
  @Column('text', { nullable: true }) physician!: string | null;
  @Column('text') delegate!: string;
  /** `from` and `to` are words of SQL */
  @Column('text', { name: 'valid_from' }) from!: string;
  @Column('text', { name: 'valid_to' }) to!: string;
  @Column('text') recordedBy!: string;
  @Column('text') recordedAt!: string;
}
