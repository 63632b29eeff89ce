/** What one agreement opens that another does not. */
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { anInteropsWorld, entries, type InteropsWorld, noticeOf } from '../builders/interops.ts';
import { eventually } from '../builders/relais.ts';

let world: InteropsWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** The key that Relais publishes for what is encrypted to it. */
async function publishedKey({ relais }: InteropsWorld): Promise<string> {
  const { json } = await relais.as('cnam')('/.well-known/jwks.json');
  const { keys } = json as unknown as { keys: (JsonWebKey & { use: string })[] };
  const key = keys.find(({ use }) => use === 'enc') ?? {};
  return createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }) as string;
}

it('a Body that must be encrypted is refused in clear, and read once it is', async () => {
  world = await anInteropsWorld({ called: false, provider: { encryptedBody: true } });
  const clear = await world.fund.transmit(noticeOf('en-clair'));
  expect(clear).toMatchObject({ fault: 'wsse:FailedCheck', code: 'xml.encryption-invalid' });
  const encryptFor = await publishedKey(world);
  const sealed = await world.fund.transmit({ ...noticeOf('chiffre'), encryptFor });
  expect(sealed.text('Statut')).toBe('accepte');
});

it('an exception that is dated opens SHA-1 until its date, and the trace says that it was used', async () => {
  const sha1Until = new Date(Date.now() + 3_600_000).toISOString();
  world = await anInteropsWorld({ called: false, agreement: { exceptions: { sha1Until } } });
  const answer = await world.fund.transmit(noticeOf('sha1'), { vector: { sha1: true } });
  expect(answer.text('Statut')).toBe('accepte');
  expect(entries(world.relais, 'interops.vector-verified').at(-1)?.details).toMatchObject({
    algorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
  });
});

it('an exception whose date is past opens nothing, and a suspended agreement neither', async () => {
  const sha1Until = new Date(Date.now() - 1_000).toISOString();
  world = await anInteropsWorld({ called: false, agreement: { exceptions: { sha1Until } } });
  const answer = await world.fund.transmit(noticeOf('sha1'), { vector: { sha1: true } });
  expect(answer.code).toBe('xml.signature-invalid');
  await world.close();
  world = await anInteropsWorld({ called: false, agreement: { status: 'suspended' } });
  expect(await world.fund.transmit(noticeOf('suspendue'))).toMatchObject({ fault: 'vi:InvalidIssuer' });
});

it('an organisation without a service of its own fetches its answer under the reconciliation key', async () => {
  world = await anInteropsWorld({ called: false });
  const { fund, relais } = world;
  await relais.service('spsti-a');
  const sent = await fund.transmit(noticeOf('a-relever'));
  const key = sent.text('CleReconciliation') ?? '';
  const answer = await eventually(async () => {
    const one = await fund.poll(key);
    return one.text('Livraison') === undefined ? undefined : one;
  });
  expect(answer.text('Type')).toBe('fr.relais-st.sick-leave.acknowledgement.v1');
  expect(answer.text('CleReconciliation')).toBe(key);
  expect(answer.xml).toContain('typeMedia="application/jose"');
  // lent for a minute, to whoever asked
  expect((await fund.poll(key)).text('Livraison')).toBeUndefined();
  const told = await fund.acknowledge(answer.text('Livraison') ?? '', 'filed');
  expect(told.status).toBe(200);
  const follow = relais.as('cnam');
  await eventually(async () => (await follow(`/v1/exchanges/${key}`)).json['state'] === 'CLOSED');
  // a key that is not one of its exchanges opens nothing
  expect(await fund.poll('00000000-0000-7000-8000-000000000000')).toMatchObject({
    fault: 'io:DroitsInsuffisants',
  });
});
