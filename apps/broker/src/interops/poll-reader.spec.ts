import { describe, expect, it } from 'vitest';
import { BrokerError, type Exchange, type Partner } from '#core';
import { InteropsPoll, type PollPorts } from './poll-reader.ts';

const NOW = new Date('2026-03-12T09:30:00.000Z');
const CNAM = { id: 'cnam', channels: { 'interops-soap': { client: { pollSeconds: 60 } } } };
const PARTNERS = [CNAM, { id: 'spsti-a' }] as unknown as Partner[];
const asked = (n: number, more: Partial<Exchange> = {}) =>
  ({
    id: `ffffffff-0000-7000-8000-${String(n).padStart(12, '0')}`,
    requester: 'spsti-a',
    responder: 'cnam',
    flow: 'cnam-risks',
    state: 'DELIVERED',
    ...more,
  }) as Exchange;

/** @param answer of the partner, for each key that it is asked about */
function aPoll(exchanges: readonly Exchange[], answer: (key: string) => void = () => undefined) {
  const keys: string[] = [];
  const ports = {
    now: () => NOW,
    directory: { all: () => PARTNERS, partner: (id: string) => PARTNERS.find((one) => one.id === id) },
    records: {
      exchanges: async ({ afterId = '', limit }: { afterId?: string; limit?: number }) =>
        exchanges.filter(({ id }) => id > afterId).slice(0, limit),
    },
    transport: {
      waiting: async ({ key }: { key: string }) => {
        keys.push(key);
        answer(key);
        return [];
      },
    },
    log: { warn: () => undefined },
  } as unknown as PollPorts;
  return { poll: new InteropsPoll(ports), keys };
}
const never = new AbortController().signal;

describe('answers that a partner keeps for us', () => {
  it('are asked for by every exchange that awaits one, behind any number of those that do not', async () => {
    const over = Array.from({ length: 1_200 }, (_, n) => asked(n, { state: 'CLOSED' }));
    const { poll, keys } = aPoll([...over, asked(1_200), asked(1_201)]);
    await poll.look(never);
    expect(keys).toEqual([asked(1_200).id, asked(1_201).id]);
  });

  it('are left for the next turn when the partner is away', async () => {
    const away = () => {
      throw new BrokerError('transport.unreachable');
    };
    const { poll, keys } = aPoll([asked(1), asked(2), asked(3)], away);
    await poll.look(never);
    expect(keys).toEqual([asked(1).id]);
  });

  it('are asked for all the same when one of them is refused', async () => {
    const { poll, keys } = aPoll([asked(1), asked(2)], () => {
      throw new BrokerError('transport.refused', { next: 'stop' });
    });
    await poll.look(never);
    expect(keys).toHaveLength(2);
  });
});
