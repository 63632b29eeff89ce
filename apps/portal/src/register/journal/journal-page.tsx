import { useState } from 'react';
import { Button, Label, TextArea, TextField } from 'react-aria-components';
import { ActButton } from '../../ui/act-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Traces } from '../traces.tsx';
import { Seals } from './seals.tsx';
import { useJournalCheck } from './use-journal-check.ts';
import { Verdict } from './verdict-view.tsx';

/** The journal, verified in this very page: Relais is not believed on its word. */
export function JournalPage() {
  const [witness, setWitness] = useState('');
  const { state, start, stop } = useJournalCheck();
  const running = state.kind === 'running';
  return (
    <main id="contenu" className="wide">
      <h1>Journal</h1>
      <p>
        Tout ce qui arrive est inscrit au journal, et scellé. Cette page relit le journal entier et refait
        chaque calcul ici, dans votre navigateur : empreintes, sceaux, signatures, enchaînement.
      </p>
      <TextField className="field" value={witness} onChange={setWitness} isDisabled={running}>
        <Label>Sceau gardé ailleurs</Label>
        <p className="quiet next">
          Facultatif, et plus sûr : un sceau gardé plus tôt (ci-dessous) montre aussi une réécriture complète
          ou une fin coupée.
        </p>
        <TextArea rows={3} spellCheck={false} />
      </TextField>
      <p className="row">
        <ActButton className="button" onPress={() => start(witness)} isBusy={running}>
          Vérifier le journal
        </ActButton>
        {running && (
          <Button className="quiet-button" onPress={stop}>
            Arrêter
          </Button>
        )}
      </p>
      {running && (
        <p role="status">Relecture en cours : {state.entries.toLocaleString('fr-FR')} entrées relues…</p>
      )}
      {state.kind === 'problem' && <Notice tone="problem">{state.words}</Notice>}
      {state.kind === 'done' && <Verdict verdict={state.verdict} />}
      <Seals />
      <Traces />
    </main>
  );
}
