/** The books of a Relais in this process, against the files that its simulated partners keep. */
import { join } from 'node:path';
import { audit } from '../../apps/cli/src/ledger/audit.ts';
import type { Balance } from '../../apps/cli/src/ledger/balance.ts';
import { namedPath } from '../../apps/cli/src/ledger/partner-files.ts';
import { rows } from '../builders/portability.ts';
import type { TestRelais } from '../builders/relais.ts';

export const BALANCED = { balanced: true, lost: [], unexplained: [], twice: [] };

export function weigh(
  { demo: { home } }: TestRelais,
  senders: readonly string[],
  receivers: readonly string[],
): Promise<Balance> {
  const of = (partner: string, name: string) => namedPath(join(home, 'demo', partner, name));
  return audit({
    store: { file: join(home, 'relais.sqlite') },
    sent: senders.map((partner) => of(partner, 'receipts')),
    received: receivers.map((partner) => of(partner, 'received.ndjson')),
  });
}

export interface Told {
  state: string;
  n: number;
  tries: number;
}

/** Deliveries to a partner by state, with the tries that they took. */
export function deliveriesTo(relais: TestRelais, recipient: string): Told[] {
  const sql =
    'SELECT state, count(*) AS n, sum(attempts) AS tries FROM delivery WHERE recipient = ? GROUP BY 1';
  return rows(relais, sql, recipient) as unknown as Told[];
}

export function areAll(states: readonly Told[], state: string, n: number): boolean {
  return states.length === 1 && states[0]?.state === state && states[0].n === n;
}

export function triesOf(states: readonly Told[]): number {
  return states.reduce((tries, one) => tries + one.tries, 0);
}
