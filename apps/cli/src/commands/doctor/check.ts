import { failureLines } from '../../failure.ts';

export interface Check {
  level: 'ok' | 'attention' | 'erreur';
  /** what was looked at */
  subject: string;
  says: string;
  /** what to do about it */
  todo?: string;
}

export const ok = (subject: string, says: string): Check => ({ level: 'ok', subject, says });

export const attention = (subject: string, says: string, todo: string): Check => ({
  level: 'attention',
  subject,
  says,
  todo,
});

export const erreur = (subject: string, says: string, todo: string): Check => ({
  level: 'erreur',
  subject,
  says,
  todo,
});

/** What was thrown while looking, as a check on one line. */
export function failed(subject: string, error: unknown, todo: string): Check {
  const says = failureLines(error).map((line) => line.trim().replace(/^- /, ''));
  return erreur(subject, says.join(' ; '), todo);
}

export function lineOf({ level, subject, says, todo }: Check): string {
  return `${level.padEnd(9)}  ${subject.padEnd(28)}  ${says}${todo === undefined ? '' : ` → ${todo}`}`;
}
