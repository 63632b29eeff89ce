import { useState } from 'react';
import type { Api } from '../api/schemas.ts';
import { useCall } from '../api/use-call.ts';
import { distance } from '../ui/dates.ts';
import { Choices } from '../ui/fields.tsx';
import { Notice } from '../ui/notice.tsx';
import { age } from '../words/deliveries.ts';
import { evidenceWords } from '../words/evidence.ts';
import { ORDER, OUTCOMES } from '../words/outcomes.ts';
import { Shares } from './shares.tsx';
import { Weeks } from './weeks.tsx';

type Statistics = Api['HeldStatistics'];

const PERIODS = [
  { value: '30', says: '30 jours' },
  { value: '90', says: '90 jours' },
  { value: '366', says: 'Un an' },
];

/** How a cell does: figures of messages, of nobody, for the cell itself and the auditors of its service. */
export function StatisticsPage() {
  const [days, setDays] = useState('30');
  const { value, problem } = useCall<Statistics>(`/v1/operations/held/statistics?days=${days}`);
  return (
    <main id="contenu">
      <h1>Statistiques de la cellule</h1>
      <Choices label="Période, jusqu’à maintenant" choices={PERIODS} value={days} onChange={setDays} />
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {value !== undefined && (
        <>
          <Summary statistics={value} />
          {value.settled.messages > 0 && <Settled statistics={value} />}
        </>
      )}
    </main>
  );
}

function Summary({ statistics: { waiting, settled } }: { statistics: Statistics }) {
  const { byVerdict, hours } = settled;
  return (
    <dl>
      <dt>En attente</dt>
      <dd>
        {waiting.messages}
        {waiting.oldest !== undefined && `, le plus ancien ${distance(waiting.oldest)}`}
      </dd>
      <dt>Tranchés sur la période</dt>
      <dd>
        {settled.messages === 0
          ? 'aucun'
          : `${settled.messages} ; ${ORDER.map((one) => `${OUTCOMES[one]} : ${byVerdict[one]}`).join(', ')}`}
      </dd>
      {hours !== undefined && (
        <>
          <dt>Délai d’une décision</dt>
          <dd>
            {delay(hours.median)} une fois sur deux, {delay(hours.longest)} au plus
          </dd>
        </>
      )}
    </dl>
  );
}

function Settled({ statistics: { settled, weeks } }: { statistics: Statistics }) {
  return (
    <>
      <Weeks weeks={weeks} />
      <Shares
        caption="Par raison du doute ; un message peut en avoir plusieurs"
        of="Raison"
        rows={settled.byReason.map((one) => ({ ...one, says: one.says ?? one.code }))}
      />
      <Shares
        caption="Par service ou organisme, de l’autre côté du message"
        of="Service ou organisme"
        rows={settled.byPartner.map((one) => ({ ...one, says: one.says ?? one.code }))}
      />
      <Shares
        caption="Par pièce vue"
        of="Pièce"
        rows={settled.byEvidence.map((one) => ({ ...one, says: evidenceWords(one.code) }))}
      />
    </>
  );
}

/** the figures are in tenths of an hour */
function delay(hours: number): string {
  return hours < 0.1 ? 'moins de 6 min' : age(Math.round(hours * 3_600));
}
