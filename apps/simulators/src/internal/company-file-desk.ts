/**
 * Tools of the prevention staff: they hold the service's own key, so they are sent part A and nothing else, and take a
 * file when it is newer than the one they have.
 */
import type { RelaisClient } from '#client';
import {
  type Acknowledgement,
  type Desk,
  type DeskAnswer,
  type StrictReader,
  strictReader,
} from '../partner/index.ts';

interface CompanyFile {
  version: number;
  establishment: { siret: string };
  workers?: unknown;
  health?: unknown;
}

/** version and message that brought it, by establishment */
const held = new WeakMap<RelaisClient, Map<string, { version: number; messageId: string }>>();

export const companyFileDesk: Desk = async (delivery, client) => {
  const reader = await strictReader(client, 'internal-company-file', 'company-file');
  const problem = take(delivery.json(), reader, client, delivery.messageId);
  const refused = problem === undefined ? 0 : 1;
  return answer(delivery.messageId, 1, refused, problem === undefined ? [] : [{ code: problem }]);
};

export const companyFileBatchDesk: Desk = async (delivery, client) => {
  const reader = await strictReader(client, 'internal-company-file', 'company-file');
  const items: Acknowledgement['items'] = [];
  let received = 0;
  for await (const { n, text } of delivery.lines()) {
    received += 1;
    const problem = take(JSON.parse(text), reader, client, delivery.messageId);
    if (problem !== undefined) items.push({ line: n, code: problem });
  }
  return answer(delivery.messageId, received, items.length, items);
};

function take(
  json: unknown,
  conforms: StrictReader,
  client: RelaisClient,
  messageId: string,
): string | undefined {
  const file = json as CompanyFile;
  // what only health professionals may read should never have come here
  if (conforms(json).length > 0 || file.workers !== undefined || file.health !== undefined)
    return 'line-invalid';
  const versions = held.get(client) ?? new Map<string, { version: number; messageId: string }>();
  held.set(client, versions);
  const { siret } = file.establishment;
  const last = versions.get(siret);
  if (last !== undefined && last.messageId !== messageId && last.version >= file.version)
    return 'version-older';
  versions.set(siret, { version: file.version, messageId });
  return undefined;
}

function answer(
  messageId: string,
  received: number,
  refused: number,
  items: Acknowledgement['items'],
): DeskAnswer {
  const some = refused < received ? 'partial' : 'refused';
  return {
    acknowledgement: {
      outcome: refused === 0 ? 'accepted' : some,
      reference: `interne-${messageId}`,
      counts: { received, accepted: received - refused, refused },
      items: items.slice(0, 1_000),
    },
  };
}
