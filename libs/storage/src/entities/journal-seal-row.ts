import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('journal_seal')
export class JournalSealRow {
  @PrimaryColumn('integer') n!: number;
  @Column('text') at!: string;
  @Column('integer') size!: number;
  @Column('text') root!: string;
  @Column('text') prev!: string;
  @Column('text') jws!: string;
}
