import { type ChangeEvent, type MouseEvent, useId } from 'react';
import { Listing } from '../ui/listing.tsx';
import { COLUMNS } from './staff-file.ts';

/** far beyond 2,000 lines */
const MOST_BYTES = 4_000_000;

/** A file of one's own, read in the page: nothing leaves before it is sent. */
export function StaffFileField({
  read,
  onChosen,
  onUnread,
}: {
  /** lines read of it */
  read: number;
  onChosen(bytes: ArrayBuffer): void;
  /** nothing could be read of it; why, French */
  onUnread(problem: string): void;
}) {
  const id = useId();
  const choose = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    if (file === undefined) return;
    if (file.size > MOST_BYTES) onUnread('Ce fichier est trop grand : 2 000 lignes au plus.');
    else
      file
        .arrayBuffer()
        // moved, unplugged or changed since it was chosen
        .then(onChosen, () => onUnread('Ce fichier n’a pas pu être lu : choisissez-le de nouveau.'));
  };
  // the same file again, once corrected, is a choice too
  const forget = ({ currentTarget }: MouseEvent<HTMLInputElement>) => {
    currentTarget.value = '';
  };
  return (
    <>
      <div className="field">
        <label htmlFor={id}>Fichier (CSV)</label>
        <span id={`${id}-aide`} className="quiet">
          Un tableur l’enregistre sous ce format. Une ligne par fait, 2 000 au plus.
        </span>
        <input
          id={id}
          type="file"
          accept=".csv,.txt,text/csv"
          aria-describedby={`${id}-aide`}
          onChange={choose}
          onClick={forget}
        />
        {read > 0 && <span role="status">{read > 1 ? `${read} lignes lues.` : '1 ligne lue.'}</span>}
      </div>
      <details>
        <summary>Les colonnes du fichier</summary>
        <Listing
          caption="Nommées sur la première ligne, dans l’ordre que vous voulez ; seule « nature » est toujours là"
          columns={[
            { title: 'Colonne', of: ([name]) => name },
            { title: 'Ce qu’on y met', of: ([, says]) => says },
          ]}
          rows={Object.entries(COLUMNS)}
          keyOf={([name]) => name}
        />
      </details>
    </>
  );
}
