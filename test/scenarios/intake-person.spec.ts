/** interface.md §2: software may carry its user's access token on top of its certificate. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BATCH, binary, compact } from '../builders/intake.ts';
import { journal, rows } from '../builders/portability.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';

let relais: TestRelais;
let authorization: string;
beforeAll(async () => {
  relais = await aRelais();
  authorization = `Bearer ${await relais.people.tokenOf('doctor-b')}`;
});
afterAll(() => relais.close());

const post = (partner: string, headers: Record<string, string>, body: Uint8Array | string = compact) =>
  relais.as(partner)('/v1/messages', { headers, body });
const accepted = () => journal(relais).filter(({ kind }) => kind === 'message.accepted');

describe('the user that software carries', () => {
  it('is behind the message, by pseudonym, in the store and in the journal', async () => {
    const { status, json } = await post('spsti-b', { ...binary(), authorization });
    expect(status).toBe(202);
    const [row] = rows(relais, 'SELECT person FROM message WHERE id = ?', String(json['id']));
    expect(row?.['person']).toMatch(/^[0-9a-f]{64}$/);
    expect(accepted().at(-1)).toMatchObject({
      messageId: json['id'],
      actor: 'spsti-b',
      details: { person: row?.['person'] },
    });
  });

  it('is behind every event of a batch', async () => {
    const events = [1, 2].map(() => ({
      specversion: '1.0',
      id: randomUUID(),
      source: 'urn:relais:partner:spsti-b',
      type: 'fr.relais-st.insi.search.v1',
      datacontenttype: 'application/json',
      data: {
        traits: { birthName: 'ADRUN', firstNames: ['ZOE'], sex: 'F', birthDate: '1975-12-31' },
      },
    }));
    const { json } = await post('spsti-b', { ...BATCH, authorization }, JSON.stringify(events));
    const verdicts = json as unknown as { id: string }[];
    expect(verdicts).toHaveLength(2);
    for (const { id } of verdicts) {
      const [row] = rows(relais, 'SELECT person FROM message WHERE id = ?', id);
      expect(row?.['person']).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it('is nobody when no token came', async () => {
    const { json } = await post('spsti-b', binary());
    expect(rows(relais, 'SELECT person FROM message WHERE id = ?', String(json['id']))).toEqual([
      { person: null },
    ]);
  });

  it.each([
    ['a token that no issuer knows', 'spsti-b', 'Bearer none', 401, 'person.unauthenticated'],
    ['no bearer at all', 'spsti-b', 'Basic YTpi', 401, 'person.unauthenticated'],
    ['a person of another service', 'spsti-a', undefined, 403, 'role.not-allowed'],
  ])('refused: %s, and nothing is accepted', async (_, partner, token, status, code) => {
    // answers of INSi come beside
    const sent = () => rows(relais, `SELECT id FROM message WHERE sender <> 'insi'`);
    const before = sent().length;
    const answer = await post(partner, { ...binary(), authorization: token ?? authorization });
    expect(answer).toMatchObject({ status, json: { code } });
    expect(sent()).toHaveLength(before);
  });
});
