import { Column, Entity, PrimaryColumn } from 'typeorm';

/** NDJSON text of refused lines: places and codes only, so it lies in clear. */
@Entity('report_piece')
export class ReportPieceRow {
  @PrimaryColumn('text') messageId!: string;
  @PrimaryColumn('integer') n!: number;
  @Column('text') keptUntil!: string;
  @Column('text') text!: string;
}
