/** Services that a person's own service asked not long ago: of the requests that this person sees, and of no others. */
import type { Directory, Partner, Records } from '#core';
import type { Asker } from '../portability/dmst-requests.service.ts';

const MOST = 6;
/** requests looked at, from the last one on */
const LOOKED_AT = 50;

/** The last one asked first, each once; those that left Relais since are not there. */
export async function recentSources(
  records: Pick<Records, 'dmstRequests'>,
  directory: Pick<Directory, 'partner'>,
  { person: { partner }, authors }: Asker,
): Promise<Partner[]> {
  const requests = await records.dmstRequests({ partner, authors, newestFirst: true, limit: LOOKED_AT });
  const asked = [...new Set(requests.flatMap(({ sources }) => sources))];
  return asked
    .flatMap((id) => directory.partner(id) ?? [])
    .filter(({ kind, id }) => kind === 'spsti' && id !== partner)
    .slice(0, MOST);
}
