import { Button } from 'react-aria-components';
import { usePages } from '../api/use-pages.ts';
import { momentOf } from '../ui/dates.ts';
import { Download } from '../ui/download.tsx';
import { type Column, Listing } from '../ui/listing.tsx';
import { NextPage } from '../ui/next-page.tsx';
import { Notice } from '../ui/notice.tsx';
import { type Access, short, whatWords, whoWords, whyWords } from '../words/accesses.ts';
import { type Filter, queryOf } from './filter.ts';

/** Newest first. */
export function AccessList({
  filter,
  turn,
  onWorker,
}: {
  filter: Filter;
  turn: number;
  onWorker(worker: string): void;
}) {
  const { register, ...asked } = filter;
  const query = queryOf(asked) ?? '';
  const { rows, isRead, whole, problem, more } = usePages<Access>(`/v1/audit/${register}`, query, turn);
  const columns: readonly Column<Access>[] = [
    { title: 'Quand', of: ({ at }) => momentOf(at) },
    { title: 'Quoi', of: whatWords },
    { title: 'Qui', of: whoWords },
    {
      title: 'Travailleur',
      of: ({ worker }) => <Worker worker={worker} chosen={filter.worker} onWorker={onWorker} />,
    },
    { title: 'Pourquoi', of: whyWords },
  ];
  return (
    <>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      <p aria-live="polite">{whole && rows.length === 0 ? NOTHING[register] : counted(rows.length, whole)}</p>
      {rows.length > 0 && (
        <Listing
          caption={
            register === 'accesses'
              ? 'Accès, les plus récents d’abord'
              : 'Consultations, les plus récentes d’abord'
          }
          columns={columns}
          rows={rows}
          keyOf={({ id }) => id}
        />
      )}
      <p>
        <NextPage isRead={isRead} whole={whole} more={more} />
      </p>
      {register === 'accesses' && rows.length > 0 && (
        <Download
          path={`/v1/audit/accesses.csv?${query}`}
          name="registre-des-acces.csv"
          says="Exporter pour un tableur (CSV)"
        />
      )}
    </>
  );
}

const NOTHING: Readonly<Record<Filter['register'], string>> = {
  accesses: 'Aucun accès sur cette période.',
  readings: 'Aucune consultation sur cette période.',
};

function counted(lines: number, whole: boolean): string {
  if (lines === 0) return '';
  return `${lines} ${lines > 1 ? 'lignes' : 'ligne'}${whole ? '' : ', d’autres suivent'}`;
}

function Worker({
  worker,
  chosen,
  onWorker,
}: {
  worker: string | undefined;
  chosen: string | undefined;
  onWorker(worker: string): void;
}) {
  if (worker === undefined) return '–';
  if (worker === chosen) return <span className="code">{short(worker)}</span>;
  return (
    <Button
      className="link code"
      onPress={() => onWorker(worker)}
      aria-label={`Travailleur ${short(worker)} : ne voir que lui`}
    >
      {short(worker)}
    </Button>
  );
}
