import type { DeclarationCheck } from '../api/schemas.ts';
import { Listing } from '../ui/listing.tsx';
import { Notice } from '../ui/notice.tsx';
import { columnOf, KIND_WORDS, type StaffFile } from './staff-file.ts';
import { faultsOf } from './words.ts';

/** of a long file, what a page shows: what is wrong first */
const MOST = 200;

/** Each line of the file beside what is wrong in it, by the names of the file's own columns. */
export function CheckedLines({ file, checked }: { file: StaffFile; checked: DeclarationCheck }) {
  const { lines, numbers } = file;
  const wrong = checked.lines.filter(({ findings }) => findings.length > 0);
  const shown = [...wrong, ...checked.lines.filter(({ findings }) => findings.length === 0)].slice(0, MOST);
  const faults = faultsOf(wrong.length, checked);
  const at = (line: number) => lines[line - 1] ?? {};
  return (
    <section aria-label="Vérification">
      {faults.length === 0 ? (
        <Notice tone="good">
          {lines.length > 1 ? `Les ${lines.length} lignes peuvent partir.` : 'La ligne peut partir.'} Rien
          n’est encore envoyé.
        </Notice>
      ) : (
        <Notice tone="problem">{faults.join(' ')}</Notice>
      )}
      <Listing
        caption={
          shown.length < lines.length
            ? `${shown.length} lignes sur ${lines.length}, celles à corriger d’abord`
            : 'Ligne 1 : celle qui suit les titres'
        }
        columns={[
          { title: 'Ligne', of: ({ line }) => numbers[line - 1] },
          { title: 'Nature', of: ({ line }) => KIND_WORDS[String(at(line)['kind'])] },
          { title: 'Personne ou poste', of: ({ line }) => whoOf(at(line)) },
          { title: 'Verdict', of: ({ findings }) => <Verdict findings={findings} /> },
        ]}
        rows={shown}
        keyOf={({ line }) => String(line)}
      />
    </section>
  );
}

function Verdict({ findings }: Pick<DeclarationCheck['lines'][number], 'findings'>) {
  if (findings.length === 0) return 'peut partir';
  return (
    <ul className="plain next late">
      {findings.map(({ pointer, code, detail }) => (
        <li key={`${pointer} ${code}`}>
          {columnOf(pointer)} : {code === 'schema.format' ? 'date à écrire JJ/MM/AAAA' : detail}
        </li>
      ))}
    </ul>
  );
}

function whoOf({ worker, jobTitle }: Record<string, unknown>): string {
  const { birthName = '', firstNames = [] } = (worker ?? {}) as { birthName?: string; firstNames?: string[] };
  const name = [birthName, ...firstNames].join(' ').trim();
  return name === '' ? String(jobTitle ?? '') : name;
}
