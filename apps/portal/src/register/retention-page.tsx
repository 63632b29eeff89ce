import type { Api } from '../api/schemas.ts';
import { useCall } from '../api/use-call.ts';
import { usePages } from '../api/use-pages.ts';
import { dayOf, momentOf } from '../ui/dates.ts';
import { type Column, Listing } from '../ui/listing.tsx';
import { NextPage } from '../ui/next-page.tsx';
import { Notice } from '../ui/notice.tsx';
import { Rules } from './rules.tsx';

type Retention = Api['Retention'];
type Share = Retention['shares'][number];
type Purge = Api['Purge'];

const KEPT: Readonly<Record<Share['what'], string>> = {
  original: 'contenus en chemin',
  sealed: 'copies scellées',
  id: 'messages reconnus s’ils reviennent (sans leur contenu)',
  candidate: 'dossiers proposés, pas encore choisis',
  'asked-about': 'identités de demandes closes',
};

/** @param titleOf a flow, in words */
const sharesOf = (titleOf: (flow: string) => string): readonly Column<Share>[] => [
  { title: 'Quoi', of: ({ what }) => KEPT[what] },
  { title: 'Flux', of: ({ flow }) => titleOf(flow) },
  { title: 'Gardé', of: ({ total }) => total.count },
  { title: 'S’efface d’ici 7 jours', of: ({ within }) => within['7'].count },
  { title: '30 jours', of: ({ within }) => within['30'].count },
  { title: '90 jours', of: ({ within }) => within['90'].count },
  { title: 'Le dernier', of: ({ last }) => dayOf(last) },
];

const purgesOf = (titleOf: (flow: string) => string): readonly Column<Purge>[] => [
  { title: 'Quand', of: ({ at }) => momentOf(at) },
  {
    title: 'Quoi',
    of: ({ count, what }) =>
      what === 'copy'
        ? 'copie scellée'
        : `${count} ${count > 1 ? 'identités' : 'identité'} de demandes closes`,
  },
  { title: 'Flux', of: ({ flow }) => (flow === undefined ? '–' : titleOf(flow)) },
  { title: 'Message', of: ({ messageId }) => <span className="code">{messageId ?? '–'}</span> },
];

/** What is kept of one's own service, by which rules it goes, and what has gone. */
export function RetentionPage() {
  const { value: kept, problem } = useCall<Retention>('/v1/operations/retention');
  // a contract that is no longer in force has its name no more
  const titleOf = (id: string) => kept?.rules.contracts.find(({ flow }) => flow === id)?.title ?? id;
  return (
    <main id="contenu" className="wide">
      <h1>Conservation</h1>
      <p>
        Ce que Relais garde pour votre service, et quand chaque chose s’efface d’elle-même. Rien ne se purge à
        la main.
      </p>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {kept !== undefined && (
        <>
          <h2>Ce qui est gardé</h2>
          {kept.shares.length === 0 ? (
            <p>Rien n’est gardé pour votre service.</p>
          ) : (
            <Listing
              caption={`Le ${momentOf(kept.at)}`}
              columns={sharesOf(titleOf)}
              rows={kept.shares}
              keyOf={({ flow, what }) => `${flow} ${what}`}
              figures
            />
          )}
        </>
      )}
      <Purges titleOf={titleOf} />
      {kept !== undefined && <Rules rules={kept.rules} />}
    </main>
  );
}

function Purges({ titleOf }: { titleOf(flow: string): string }) {
  const { rows, isRead, whole, problem, more } = usePages<Purge>('/v1/audit/purges', '');
  return (
    <>
      <h2>Ce qui a été purgé</h2>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {whole && rows.length === 0 && <p>Rien n’a encore été purgé.</p>}
      {rows.length > 0 && (
        <Listing
          caption="Purges, les plus récentes d’abord"
          columns={purgesOf(titleOf)}
          rows={rows}
          keyOf={({ id }) => id}
        />
      )}
      <NextPage isRead={isRead} whole={whole} more={more} />
    </>
  );
}
