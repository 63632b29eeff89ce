import { type FormEvent, useState } from 'react';
import { call, problemOf } from '../api/http.ts';
import { ActButton } from '../ui/act-button.tsx';
import { dateOf, isDay } from '../ui/dates.ts';
import { Choices, TextField } from '../ui/fields.tsx';
import { Notice } from '../ui/notice.tsx';
import { ServiceChoice } from '../ui/service-choice.tsx';
import { useFormKey } from '../ui/use-form-key.ts';

const EXTENTS = [
  { value: 'whole', says: 'Tout mon dossier' },
  { value: 'period', says: 'Une période' },
];
const CHANNELS = [
  { value: 'ELECTRONIQUE', says: 'Par voie électronique' },
  { value: 'PAPIER', says: 'Sur papier' },
];

/** Who asks is known from the sign-in: what is left to say is to whom, of what, and how. */
export function CopyRequestForm({ onSent }: { onSent(): void }) {
  const { key, renew } = useFormKey();
  const [service, setService] = useState('');
  const [extent, setExtent] = useState('');
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [channel, setChannel] = useState('');
  const [sending, setSending] = useState(false);
  const [sent, setSent] = useState(false);
  const [problem, setProblem] = useState<string>();
  const days = [dateOf(from), dateOf(until)].filter((day) => day !== '');
  const period = {
    ...(from.trim() === '' ? {} : { from: dateOf(from) }),
    ...(until.trim() === '' ? {} : { until: dateOf(until) }),
  };
  const missing = [
    ...(service === '' ? ['le service'] : []),
    ...(extent === '' ? ['ce que vous demandez'] : []),
    ...(extent === 'period' && (days.length === 0 || !days.every(isDay))
      ? ['une date de la période (JJ/MM/AAAA)']
      : []),
    ...(channel === '' ? ['comment vous voulez la copie'] : []),
  ];
  // another choice is another form: under its own key, and what was said of the one before is over
  const changed = (set: (value: string) => void) => (value: string) => {
    set(value);
    renew();
    setProblem(undefined);
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    setSent(false);
    setProblem(undefined);
    if (missing.length > 0) {
      setProblem(`Il manque : ${missing.join(', ')}.`);
      return;
    }
    setSending(true);
    call('/v1/my/copy-requests', { key, service, channel, ...(extent === 'period' ? { period } : {}) })
      .then(() => {
        renew();
        // another one is another form, filled in anew
        for (const clear of [setService, setExtent, setFrom, setUntil, setChannel]) clear('');
        setSent(true);
        onSent();
      })
      .catch((error: unknown) => setProblem(problemOf(error).words))
      .finally(() => setSending(false));
  };
  return (
    <form onSubmit={send} noValidate aria-label="Demander une copie">
      <fieldset>
        <legend>Demander une copie</legend>
        <ServiceChoice
          label="À quel service"
          path="/v1/my/services"
          value={service}
          onChange={changed(setService)}
        />
        <Choices label="De quoi" choices={EXTENTS} value={extent} onChange={changed(setExtent)} isRequired />
        {extent === 'period' && (
          <div className="columns">
            <TextField
              label="Depuis le"
              help="JJ/MM/AAAA ; vide : depuis le début."
              value={from}
              onChange={changed(setFrom)}
            />
            <TextField
              label="Jusqu’au"
              help="JJ/MM/AAAA ; vide : jusqu’à ce jour."
              value={until}
              onChange={changed(setUntil)}
            />
          </div>
        )}
        <Choices
          label="Comment"
          choices={CHANNELS}
          value={channel}
          onChange={changed(setChannel)}
          isRequired
        />
      </fieldset>
      {problem !== undefined && <Notice tone="problem">{problem}</Notice>}
      {sent && <Notice tone="good">Demande envoyée. Son échéance est dans la liste ci-dessous.</Notice>}
      <ActButton type="submit" className="button" isBusy={sending}>
        {sending ? 'Envoi…' : 'Demander la copie'}
      </ActButton>
    </form>
  );
}
