import { momentOf } from './dates.ts';

/** Whether a publication was read, or can no longer be. */
export function ReadMark({ openedAt, kept }: { openedAt?: string | undefined; kept: boolean }) {
  if (!kept) return <span className="quiet">n’est plus conservé ici : demandez-le au service</span>;
  return openedAt === undefined ? <strong>pas encore</strong> : <>le {momentOf(openedAt)}</>;
}
