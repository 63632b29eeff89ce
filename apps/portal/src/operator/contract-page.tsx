import { useState } from 'react';
import { Button, Label, TextArea, TextField } from 'react-aria-components';
import { Link } from 'wouter';
import { callAs, problemOf } from '../api/http.ts';
import type { Api } from '../api/schemas.ts';
import { useCall } from '../api/use-call.ts';
import { Choices } from '../ui/fields.tsx';
import { Notice } from '../ui/notice.tsx';

type Detail = Api['FlowDetail'];
type Verdict = Api['CheckVerdict'];

/** One contract, its samples, and a box to try a message: nothing is kept of what is pasted. */
export function ContractPage({ flow }: { flow: string }) {
  const { value: detail, problem } = useCall<Detail>(`/v1/flows/${encodeURIComponent(flow)}`);
  return (
    <main id="contenu" className="wide">
      <p>
        <Link href="/exploitation/contrats">← Contrats</Link>
      </p>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {detail !== undefined && (
        <>
          <h1>{detail.title}</h1>
          <p className="quiet">
            Version {detail.version}, empreinte <span className="code">{detail.hash.slice(0, 16)}…</span>
          </p>
          <Check detail={detail} />
        </>
      )}
    </main>
  );
}

function Check({ detail: { flow, objects, samples } }: { detail: Detail }) {
  const [object, setObject] = useState(objects[0]?.object ?? '');
  const [text, setText] = useState('');
  const [verdict, setVerdict] = useState<Verdict>();
  const [problem, setProblem] = useState<string>();
  const chosen = objects.find((one) => one.object === object);
  const ofObject = Object.entries(samples).filter(
    ([name]) => name.startsWith(`${object}.`) && name.endsWith('.json'),
  );
  const check = () => {
    setVerdict(undefined);
    setProblem(undefined);
    callAs<Verdict>(`/v1/flows/${flow}/check`, text, {
      'content-type': 'application/json',
      'ce-type': `fr.relais-st.${flow}.${object}.v${chosen?.major ?? 1}`,
    })
      .then(setVerdict)
      .catch((error: unknown) => setProblem(problemOf(error).words));
  };
  return (
    <section aria-labelledby="check">
      <h2 id="check">Vérifier mon message</h2>
      <Choices
        label="Objet"
        choices={objects.map((one) => ({ value: one.object, says: one.title }))}
        value={object}
        onChange={(now) => {
          setObject(now);
          setVerdict(undefined);
        }}
      />
      {ofObject.length > 0 && (
        <p className="row">
          {ofObject.map(([name, sample]) => (
            <Button
              key={name}
              className="quiet-button"
              onPress={() => setText(JSON.stringify(sample, null, 2))}
            >
              {name}
            </Button>
          ))}
        </p>
      )}
      <TextField className="field" value={text} onChange={setText}>
        <Label>Contenu (JSON)</Label>
        <TextArea rows={16} spellCheck={false} />
      </TextField>
      <p>
        <Button className="button" onPress={check} isDisabled={text.trim() === ''}>
          Vérifier
        </Button>
      </p>
      {problem !== undefined && <Notice tone="problem">{problem}</Notice>}
      {verdict?.valid === true && <Notice tone="good">Conforme au contrat. Rien n’a été gardé.</Notice>}
      {verdict?.valid === false && (
        <table>
          <caption>Ce qui ne va pas, à sa place</caption>
          <thead>
            <tr>
              <th scope="col">Où</th>
              <th scope="col">Quoi</th>
              <th scope="col">Règle</th>
            </tr>
          </thead>
          <tbody>
            {verdict.findings.map(({ pointer, code, detail }) => (
              <tr key={`${pointer} ${code} ${detail}`}>
                <th scope="row" className="code">
                  {pointer === '' ? '(tout le message)' : pointer}
                </th>
                <td>{detail}</td>
                <td className="code">{code}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
