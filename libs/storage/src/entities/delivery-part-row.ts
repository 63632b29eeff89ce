import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Audience, SealedPart } from '#core';
import { BYTES } from '../dialect.ts';
import type { Row } from './row.ts';

@Entity('delivery_part')
export class DeliveryPartRow implements Row<SealedPart> {
  @PrimaryColumn('text') deliveryId!: string;
  @PrimaryColumn('integer') n!: number;
  @Column('text') audience!: Audience;
  @Column('text') kid!: string;
  @Column('integer') size!: number;
  @Column('text') digest!: string;
  @Column(BYTES) jwe!: Uint8Array;
}
