import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RegisterLine, RegisterName } from '#core';
import type { Row } from './row.ts';

@Entity('register_line')
export class RegisterLineRow implements Row<RegisterLine> {
  @PrimaryColumn('text') entry!: string;
  @PrimaryColumn('text') partner!: string;
  @Column('text') register!: RegisterName;
  @Column('text') at!: string;
  @Column('text', { nullable: true }) worker!: string | null;
}
