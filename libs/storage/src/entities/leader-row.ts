import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Of the processes that could do a thing, the one that does it, until when. */
@Entity('leader')
export class LeaderRow {
  @PrimaryColumn('text') name!: string;
  @Column('text') holder!: string;
  @Column('text') until!: string;
}
