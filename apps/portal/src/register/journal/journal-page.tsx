import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { Button, Label, Text, TextArea, TextField } from 'react-aria-components';
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
  const begin = useRef<HTMLButtonElement>(null);
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
        <Text slot="description">
          Facultatif, et plus sûr : un sceau gardé plus tôt (ci-dessous) montre aussi une réécriture complète
          ou une fin coupée.
        </Text>
        <TextArea rows={3} spellCheck={false} />
      </TextField>
      <p className="row">
        <ActButton ref={begin} className="button" onPress={() => start(witness)} isBusy={running}>
          Vérifier le journal
        </ActButton>
        {running && <Stop onPress={stop} heir={begin} />}
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

/** Leaves when it is pressed, or when there is nothing left to stop: the focus that it had is then handed on. */
function Stop({ onPress, heir }: { onPress(): void; heir: RefObject<HTMLButtonElement | null> }) {
  const self = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const mine = self.current;
    return () => {
      if (mine !== null && mine === document.activeElement) heir.current?.focus();
    };
  }, [heir]);
  return (
    <Button ref={self} className="quiet-button" onPress={onPress}>
      Arrêter
    </Button>
  );
}
