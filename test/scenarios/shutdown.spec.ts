/** The end of a broker, seen by a partner that waits for something to come. */
import { expect, it, vi } from 'vitest';
import { MailboxService } from '../../apps/broker/src/mailbox/mailbox.service.ts';
import { aRelais } from '../builders/relais.ts';

it('a long poll under way is answered, empty, before the store closes; nothing is logged as a fault', async () => {
  const relais = await aRelais();
  const asked = vi.spyOn(relais.broker.app.get(MailboxService), 'lease');
  const waiting = relais.as('spsti-a')('/v1/mailbox?wait=60');
  await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce(), 30_000);
  const began = Date.now();
  await relais.broker.stop();
  const { status, json } = await waiting;
  expect([status, json]).toEqual([200, []]);
  expect(Date.now() - began).toBeLessThan(30_000);
  const faults = relais
    .logged()
    .split('\n')
    .filter((line) => line !== '' && (JSON.parse(line) as { level: number }).level >= 50);
  expect(faults).toEqual([]);
  await relais.close();
});
