import { expect, it } from 'vitest';
import type { DeliveryState, Message } from '#core';
import { InsiRepeats } from './insi-repeats.ts';

const message = { id: 'm', sender: 'spsti-b' } as Message;

/** Repeats of a message whose delivery is in that state; the teleservice is not to be asked. */
function repeatsIn(state: DeliveryState): InsiRepeats {
  const records = { deliveries: async () => [{ id: 'd', recipient: 'insi', state }] };
  const answer = () => Promise.reject(new Error('asked'));
  return new InsiRepeats({ stages: { records } } as never, { answer });
}

it.each(['expired', 'cancelled'] as const)('a question that ended %s is to be asked anew', async (state) => {
  const repeats = repeatsIn(state);
  expect(await repeats.isOpen(message)).toBe(false);
  await expect(repeats.again(message, () => ({}))).rejects.toMatchObject({ code: 'message.resend-needed' });
});

it.each(['queued', 'retrying', 'sending', 'dead'] as const)(
  'while it is %s its answer is awaited',
  async (state) => {
    expect(await repeatsIn(state).isOpen(message)).toBe(true);
  },
);
