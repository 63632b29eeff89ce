/** What services publish to a portal, and what its people read at Relais. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartnerSoftware } from '../../apps/simulators/src/partner/index.ts';
import type { DemoAccount } from '../../apps/simulators/src/psc/index.ts';
import { type Answer, eventually, type TestRelais } from './relais.ts';

const CONTRACTS = join(import.meta.dirname, '../../contracts');
export type Json = Record<string, unknown>;

export const sampleOf = (flow: string, name: string): Json =>
  JSON.parse(readFileSync(join(CONTRACTS, flow, 'samples/valid', `${name}.json`), 'utf8')) as Json;

/** Sent by a service to the portal; there for whom it is once prepared. @returns id of the message */
export async function published(
  service: PartnerSoftware,
  flow: 'employee-portal' | 'employer-portal',
  id: string,
  content: object,
): Promise<string> {
  const object = flow === 'employee-portal' ? 'worker-view' : 'employer-view';
  const sent = await service.client.send({
    id,
    type: `fr.relais-st.${flow}.${object}.v1`,
    datacontenttype: 'application/json',
    recipient: 'portail',
    data: JSON.stringify(content),
  });
  await eventually(async () => {
    const { deliveries } = (await service.client.message(sent.id)) as { deliveries: unknown[] };
    return deliveries.length > 0;
  });
  return sent.id;
}

/** The portal's copies of a message, by what its people see of it. */
export async function listOf(relais: TestRelais, account: DemoAccount, path: string): Promise<Json[]> {
  const { json } = await relais.by(account)(path);
  return json as unknown as Json[];
}

export const posted = (
  relais: TestRelais,
  account: DemoAccount,
  path: string,
  body: object,
): Promise<Answer> =>
  relais.by(account)(path, {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

/** The portal's own software takes its copy of a message, and no more. */
export const takenByPortal = (relais: TestRelais, messageId: string): Promise<boolean> =>
  eventually(async () => {
    const { json } = await relais.as('portail')('/v1/mailbox?limit=10');
    const event = (json as unknown as Json[]).find((one) => one['id'] === messageId);
    if (event === undefined) return false;
    await relais.as('portail')(`/v1/mailbox/${String(event['relaisdelivery'])}/receipt`, {
      headers: { 'content-type': 'application/json' },
      body: '{"outcome":"received"}',
    });
    return true;
  });

/** What the service knows of what it published. */
export async function proofOf(service: PartnerSoftware, messageId: string): Promise<Proof | undefined> {
  const { deliveries } = (await service.client.message(messageId)) as { deliveries: { receipt?: Proof }[] };
  return deliveries[0]?.receipt;
}

export interface Proof {
  outcome: string;
  at: string;
}
