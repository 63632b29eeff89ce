/** A declaration is judged line by line: by its contract before it leaves, by the service once it read it. */
import type { Acknowledgement, Finding } from '#core';

export interface CheckedLine {
  /** from 1 */
  line: number;
  /** pointers from the line itself; empty = the line may leave */
  findings: Finding[];
}

export interface JudgedLine {
  line: number;
  accepted: boolean;
  code: string;
  /** French sentence */
  says: string;
}

const SAYS: Readonly<Record<string, string>> = {
  'line.accepted': 'Prise en compte.',
  'worker.unknown': 'Le service ne suit pas cette personne : vérifiez son nom et sa date de naissance.',
  'worker.already-known': 'Le service suit déjà cette personne.',
  'pcs.unknown': 'Le code PCS n’est pas connu du service.',
  'date.unlikely': 'La date est invraisemblable : vérifiez-la.',
};

const LINE = '/lines/0';

/**
 * One verdict for each line, in their order, and what concerns none of them. Each is judged alone: what is wrong with the
 * shape of one keeps no rule from being held against the others.
 *
 * @param findingsOf of a declaration of these lines
 */
export function lineByLine(
  lines: readonly object[],
  findingsOf: (lines: readonly object[]) => Finding[],
): { lines: CheckedLine[]; others: Finding[] } {
  const found = lines.map((line) => findingsOf([line]));
  const isAbout = ({ pointer }: Finding) => pointer.startsWith(LINE);
  return {
    lines: found.map((findings, n) => ({
      line: n + 1,
      findings: findings
        .filter(isAbout)
        .map((finding) => ({ ...finding, pointer: finding.pointer.slice(LINE.length) })),
    })),
    // the same for every line
    others: found[0]?.filter((finding) => !isAbout(finding)) ?? [],
  };
}

/** What concerns the whole declaration has no line: it is told as its refusal. */
export function judgedLines(items: Acknowledgement['items']): JudgedLine[] {
  return items.flatMap(({ line, code }) =>
    line === undefined
      ? []
      : [{ line, accepted: code === 'line.accepted', code, says: SAYS[code] ?? 'Non prise en compte.' }],
  );
}
