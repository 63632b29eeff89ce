/**
 * By which channel each message really went, read from the journal, and which one is natural to each flow
 * (facts §6.2): the demo fails when a flow took another.
 */
import type { TransportName } from '#core';

/** What a person reads of a way. */
export const WAYS: Readonly<Record<TransportName, string>> = {
  insi: 'téléservice INSi (SOAP)',
  https: 'HTTPS',
  mailbox: 'boîte HTTPS',
  amqp: 'file RabbitMQ',
  portal: 'portail',
  fhir: 'FHIR R4',
  mssante: 'MSSanté',
  'xds-b': 'DMP (ITI-41)',
  mhd: 'PDSm (MHD)',
  'interops-soap': 'INTEROPS-A',
  sftp: 'SFTP (scellé + manifeste)',
};

const NATURAL: Readonly<Record<string, TransportName>> = {
  insi: 'insi',
  'dmst-portability': 'mssante',
  'internal-company-file': 'https',
  'hdh-feed': 'sftp',
  'medico-social': 'fhir',
  'dmp-export': 'xds-b',
  sumer: 'sftp',
  mcp: 'https',
  evrest: 'sftp',
  'medical-adviser': 'mssante',
  'sick-leave': 'interops-soap',
  'cnam-risks': 'interops-soap',
  'employee-portal': 'https',
  'employer-portal': 'https',
  'dgt-annual': 'https',
};

/** @returns why the flow did not go its natural way; undefined when it did */
export function strayed(flow: string, ways: ReadonlySet<TransportName>): string | undefined {
  const wanted = NATURAL[flow];
  if (wanted === undefined || ways.has(wanted)) return undefined;
  return `pas par ${WAYS[wanted]} (${[...ways].map((way) => WAYS[way]).join(', ')})`;
}

interface Entry {
  messageId?: string;
  kind: string;
  details: { transport?: TransportName; by?: TransportName };
}

/** Ways of each message, in the order of the journal: how it came where that was a channel, then how it left. */
export function waysIn(journal: string): ReadonlyMap<string, ReadonlySet<TransportName>> {
  const ways = new Map<string, Set<TransportName>>();
  for (const line of journal.split('\n')) {
    if (line === '') continue;
    const { type, body } = JSON.parse(line) as { type: string; body?: string };
    if (type !== 'entry' || body === undefined) continue;
    const { messageId, kind, details } = JSON.parse(body) as Entry;
    const way =
      kind === 'message.accepted'
        ? details.by
        : kind === 'delivery.attempted'
          ? details.transport
          : undefined;
    if (messageId === undefined || way === undefined) continue;
    ways.set(messageId, (ways.get(messageId) ?? new Set()).add(way));
  }
  return ways;
}
