import { momentOf } from '../../ui/dates.ts';
import { Notice } from '../../ui/notice.tsx';
import { type JournalVerdict, WITNESSES, whatIsBroken, whereBroken } from './verdict.ts';

/** Whole or broken, in words; where, and what to do then. */
export function Verdict({ verdict }: { verdict: JournalVerdict }) {
  const { broken, emptied, entries, from, last, seals, witness } = verdict;
  const kept = witness === undefined ? undefined : WITNESSES[witness];
  const sound = `${count(entries, 'entrée')} et ${count(seals, 'sceau', 'sceaux')}`;
  const until = last === undefined ? '' : `, jusqu’au ${momentOf(last.at)} (sceau n° ${last.n})`;
  if (broken !== undefined)
    return (
      <Notice tone="problem">
        <h2>Le journal est rompu.</h2>
        <p>{whatIsBroken(broken)}</p>
        <p>
          Où : {whereBroken(broken)}.
          {broken.entry !== undefined && (
            <>
              {' '}
              Entrée <span className="code">{broken.entry}</span>.
            </>
          )}
        </p>
        <p>
          {seals === 0
            ? 'Rien avant cet endroit n’a pu être vérifié.'
            : `Avant cet endroit tout est intact : ${sound}${until}.`}
        </p>
        <p>
          Ne changez rien. Gardez cette page et prévenez l’exploitant de Relais : il comparera avec une
          sauvegarde.
        </p>
      </Notice>
    );
  return (
    <Notice tone={kept?.good === false ? 'problem' : 'good'}>
      <h2>{kept?.heading ?? 'Le journal est intact.'}</h2>
      <p>
        {sound} vérifiés{until}.
      </p>
      {from !== undefined && from > 1 && <p>Le début, avant le sceau n° {from}, n’y est plus.</p>}
      {emptied > 0 && (
        <p>{count(emptied, 'sceau', 'sceaux')} sans leurs entrées, purgées comme le journal le dit.</p>
      )}
      {kept !== undefined && <p>{kept.says}</p>}
    </Notice>
  );
}

function count(figure: number, one: string, many = `${one}s`): string {
  return `${figure.toLocaleString('fr-FR')} ${figure > 1 ? many : one}`;
}
