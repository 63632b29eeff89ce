import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { call, problemOf } from '../api/http.ts';
import { useSession } from '../session/session.ts';
import { ActButton } from '../ui/act-button.tsx';
import { Checkbox, Choices } from '../ui/fields.tsx';
import { Notice } from '../ui/notice.tsx';
import { EVIDENCE } from '../words/evidence.ts';
import { IdentityCheck } from './identity-check.tsx';
import { type Service, SourcePicker } from './source-picker.tsx';
import { isWhole, NOBODY, traitsOf, type Worker } from './worker.ts';
import { WorkerForm } from './worker-form.tsx';

const EVIDENCES = [
  ...EVIDENCE.map(({ code, says }) => ({ value: code, says })),
  { value: 'none', says: 'Aucune' },
];

/** One page, in the order in which the person speaks: who, by what proof, followed where, informed and not opposed. */
export function NewRequestPage() {
  const { me } = useSession();
  const [, go] = useLocation();
  const [worker, setWorker] = useState<Worker>(NOBODY);
  const [evidence, setEvidence] = useState('');
  const [sources, setSources] = useState<readonly Service[]>([]);
  const [informed, setInformed] = useState(false);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [tried, setTried] = useState(false);
  const seen = evidence === 'none' ? '' : evidence;
  const missing = [
    ...(isWhole(worker) ? [] : ['l’identité du travailleur']),
    ...(evidence === '' ? ['la pièce d’identité vue, ou « Aucune »'] : []),
    ...(sources.length > 0 ? [] : ['un service']),
    ...(informed ? [] : ['l’information du travailleur']),
  ];

  const send = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (missing.length > 0) return;
    setSending(true);
    call<{ id: string }>('/v1/dmst-requests', {
      worker: { traits: traitsOf(worker), ...(worker.ins === undefined ? {} : { ins: worker.ins }) },
      sources: sources.map(({ id }) => id),
      informedAt: new Date().toISOString(),
      nonOpposition: true,
      recordedBy: me.name ?? '',
      ...(seen === '' ? {} : { evidenceSeen: seen }),
    })
      .then(({ id }) => go(`/demandes/${id}`))
      .catch((error: unknown) => {
        setSending(false);
        setProblem(problemOf(error).words);
      });
  };

  return (
    <main id="contenu">
      <h1>Nouvelle demande de dossier</h1>
      <form onSubmit={send} noValidate>
        <WorkerForm worker={worker} onChange={setWorker} />
        <Choices
          label="Pièce d’identité vue"
          help="Seulement celle que vous, ou votre secrétariat, avez eue sous les yeux."
          choices={EVIDENCES}
          value={evidence}
          onChange={setEvidence}
          isRequired
        />
        <IdentityCheck worker={worker} evidence={seen} />
        <SourcePicker chosen={sources} onChange={setSources} />
        <fieldset>
          <legend>Information et non-opposition</legend>
          <Checkbox isSelected={informed} onChange={setInformed}>
            Le travailleur a été informé que son dossier est demandé à ce service, qu’il peut s’y opposer, et
            il ne s’y oppose pas. Recueilli ce jour par {me.name}.
          </Checkbox>
        </fieldset>
        {tried && missing.length > 0 && <Notice tone="problem">Il manque : {missing.join(', ')}.</Notice>}
        {problem !== undefined && <Notice tone="problem">{problem}</Notice>}
        <ActButton type="submit" className="button" isBusy={sending}>
          {sending ? 'Envoi…' : 'Envoyer la demande'}
        </ActButton>
      </form>
    </main>
  );
}
