/** The work list as its cell reads it: each doubt opened, and those that cast doubt on each other named as one group. */
import type { HeldIdentity, Vault } from '#core';
import { alikeAmong, type HeldContent, type HeldDetails, heldDetails, type Waiting } from '#identity';

interface Likeness {
  kind: 'collision' | 'duplicate';
  /** the same for all of a group, in this answer only */
  group: string;
  differing: readonly string[];
}

interface Opened {
  held: HeldIdentity;
  details: HeldDetails | undefined;
}

export function heldViews(
  list: readonly HeldIdentity[],
  vault: Pick<Vault, 'open'>,
  fourEyes: boolean,
): object[] {
  const opened = list.map((held): Opened => ({ held, details: detailsOf(held, vault) }));
  const likenesses = likenessesOf(opened);
  return opened.map(({ held: { id, messageId, reasons, heldAt, proposal }, details }) => ({
    id,
    messageId,
    reasons,
    heldAt,
    details: details ?? {},
    alike: likenesses.get(id) ?? [],
    fourEyes,
    ...(proposal === undefined ? {} : { proposal }),
  }));
}

/** undefined: too few alike; nobody's identity is in doubt, and the reason says it all. */
function detailsOf(
  { messageId, details }: HeldIdentity,
  vault: Pick<Vault, 'open'>,
): HeldDetails | undefined {
  const { atRest, bytes } = details;
  const opened = vault.open({ atRest, chunks: [bytes] }, `held/${messageId}`);
  const content = JSON.parse(Buffer.from(opened).toString()) as HeldContent | Record<string, never>;
  return 'sent' in content ? heldDetails(content as HeldContent) : undefined;
}

function likenessesOf(opened: readonly Opened[]): Map<string, Likeness[]> {
  const waiting = opened.flatMap(({ held: { id }, details }): Waiting[] =>
    details === undefined ? [] : [{ id, sent: details.sent }],
  );
  const found = new Map<string, Likeness[]>();
  alikeAmong(waiting).forEach(({ kind, ids, differing }, n) => {
    const likeness = { kind, group: `${kind}-${n + 1}`, differing };
    for (const id of ids) found.set(id, [...(found.get(id) ?? []), likeness]);
  });
  return found;
}
