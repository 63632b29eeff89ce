/** What specs of the identity-vigilance cell share: doubts that doctors make, and what persons of the cell say of them. */
import type { DemoAccount } from '../../apps/simulators/src/psc/index.ts';
import { asked, exchangesOf, type Json, OTHER_INS, rows, ZOE } from './portability.ts';
import { type Answer, eventually, type TestRelais } from './relais.ts';

export interface Doubt {
  id: string;
  messageId: string;
  reasons: string[];
  details: { sent: Json; found?: Json };
  alike: { kind: string; group: string; differing: string[] }[];
  fourEyes: boolean;
  proposal?: { verdict: string; evidence: string; reason: string; by: string; at: string };
}

/** Another test identity of the INSi platform than ZOE. */
export const CORSE = {
  birthName: 'CORSE',
  firstNames: ['ANTHONY'],
  sex: 'M',
  birthDate: '1980-03-02',
  birthPlace: '2B020',
};

export const RELEASE = { verdict: 'release', evidence: 'CN', reason: 'Carte d’identité revue au cabinet' };
export const REFUSE = { verdict: 'refuse', evidence: 'PA', reason: 'Autre personne que celle du passeport' };

export async function doubtsSeenBy(
  relais: TestRelais,
  account: DemoAccount = 'vigilance-b',
): Promise<Doubt[]> {
  return (await relais.by(account)('/v1/operations/held')).json as unknown as Doubt[];
}

export function decideAs(relais: TestRelais, account: DemoAccount, id: string, body: Json): Promise<Answer> {
  return relais.by(account)(`/v1/operations/held/${id}/decision`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Asks with a matricule that INSi gives to somebody else, and waits until every source's message is held. */
export async function aDoubt(
  relais: TestRelais,
  changes: Json = {},
  account: DemoAccount = 'doctor-b',
): Promise<{ request: string; ids: string[] }> {
  const worker = { traits: ZOE, ins: OTHER_INS };
  const sources = (changes['sources'] as string[] | undefined) ?? ['spsti-a'];
  const request = await asked(relais, { worker, ...changes }, account);
  const ids = await eventually(async () => {
    const messages = exchangesOf(relais, request).map(({ request_id }) => request_id);
    const held = messages.filter(
      (id) => rows(relais, 'SELECT id FROM held_identity WHERE id = ?', id).length > 0,
    );
    return held.length === sources.length && held;
  });
  return { request, ids };
}
