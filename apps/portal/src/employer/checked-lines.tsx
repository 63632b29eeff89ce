import type { DeclarationCheck } from '../api/schemas.ts';
import { Listing } from '../ui/listing.tsx';
import { Notice } from '../ui/notice.tsx';
import { columnOf, KIND_WORDS, type StaffFile } from './staff-file.ts';

/** of a long file, what a page shows: what is wrong first */
const MOST = 200;

/** Each line of the file beside what is wrong in it, by the names of the file's own columns. */
export function CheckedLines({ lines, checked }: { lines: StaffFile['lines']; checked: DeclarationCheck }) {
  const wrong = checked.lines.filter(({ findings }) => findings.length > 0);
  const shown = [...wrong, ...checked.lines.filter(({ findings }) => findings.length === 0)].slice(0, MOST);
  return (
    <section aria-label="Vérification">
      {wrong.length === 0 && checked.others.length === 0 ? (
        <Notice tone="good">
          {lines.length > 1 ? `Les ${lines.length} lignes peuvent partir.` : 'La ligne peut partir.'} Rien
          n’est encore envoyé.
        </Notice>
      ) : (
        <Notice tone="problem">
          {wrong.length} {wrong.length > 1 ? 'lignes sont' : 'ligne est'} à corriger sur {lines.length}.
          Corrigez le fichier et choisissez-le de nouveau.
          {checked.others.map(({ pointer, detail }) => ` ${pointer} : ${detail}`)}
        </Notice>
      )}
      <Listing
        caption={
          shown.length < lines.length
            ? `${shown.length} lignes sur ${lines.length}, celles à corriger d’abord`
            : 'Ligne 1 : celle qui suit les titres'
        }
        heads={['Ligne', 'Nature', 'Personne ou poste', 'Verdict']}
        none=""
        rows={shown.map(({ line, findings }) => ({
          key: String(line),
          cells: [
            line,
            KIND_WORDS[String(lines[line - 1]?.['kind'])] ?? '',
            whoOf(lines[line - 1] ?? {}),
            findings.length === 0 ? (
              'peut partir'
            ) : (
              <ul key="wrong" className="plain next late">
                {findings.map(({ pointer, code, detail }) => (
                  <li key={`${pointer} ${code}`}>
                    {columnOf(pointer)} : {code === 'schema.format' ? 'date à écrire JJ/MM/AAAA' : detail}
                  </li>
                ))}
              </ul>
            ),
          ],
        }))}
      />
    </section>
  );
}

function whoOf({ worker, jobTitle }: Record<string, unknown>): string {
  const { birthName = '', firstNames = [] } = (worker ?? {}) as { birthName?: string; firstNames?: string[] };
  const name = [birthName, ...firstNames].join(' ').trim();
  return name === '' ? String(jobTitle ?? '') : name;
}
