import { describe, expect, it } from 'vitest';
import { anExchange } from '../../../../test/ports/stores.ts';
import type { ObjectContract } from '../contract.ts';
import type { Incoming } from '../event.ts';
import type { Exchange } from '../message.ts';
import type { Partner } from '../partner.ts';
import type { Records } from '../ports.ts';
import { checkAnswer } from './answer.ts';

const exchange = anExchange({ requester: 'spsti-b', responder: 'spsti-a', subjectRef: 'subject-1' });
const answers = { answers: true, requires: ['correlationid'] } as unknown as ObjectContract;

const told = async (
  {
    from = 'spsti-a',
    to = 'spsti-b',
    correlationid = exchange.id,
    subjectref,
    decidedOn,
  }: Record<string, string | undefined>,
  stored: Exchange = exchange,
  contract = answers,
) => {
  const incoming = {
    partner: { id: from },
    event: { correlationid, subjectref },
    decidedOn,
  } as unknown as Incoming;
  const records = { exchange: async (id: string) => (id === stored.id ? stored : undefined) } as Records;
  return checkAnswer(incoming, contract, [{ id: to } as Partner], records).then(
    (found) => found?.id ?? 'not an answer',
    (error: { code: string }) => error.code,
  );
};

describe('an answer', () => {
  it('belongs to an open exchange between the two', async () => {
    expect(await told({})).toBe(exchange.id);
    expect(await told({ subjectref: 'subject-1' })).toBe(exchange.id);
  });

  it('by anybody else, to anybody else, or to nothing, is unknown in the same words', async () => {
    for (const wrong of [
      { from: 'spsti-c' },
      { from: 'spsti-b', to: 'spsti-a' },
      { to: 'spsti-c' },
      { correlationid: 'x' },
    ])
      expect(await told(wrong)).toBe('exchange.unknown');
    const closed = { ...exchange, state: 'CLOSED' } as const;
    expect(await told({ from: 'spsti-c' }, closed)).toBe('exchange.unknown');
  });

  it('about another subject is refused: it may be about somebody else', async () => {
    expect(await told({ subjectref: 'subject-2' })).toBe('content.invalid');
  });

  it.each([{ answerId: 'm' }, { state: 'EXPIRED' }, { state: 'CANCELLED' }, { state: 'SENT' }] as const)(
    'to an exchange that is %j comes too late',
    async (changes) => expect(await told({}, { ...exchange, ...changes })).toBe('exchange.closed'),
  );

  it('decided on the exchange as it was before something came to it is decided again', async () => {
    expect(await told({ decidedOn: exchange.updatedAt })).toBe(exchange.id);
    const since = { ...exchange, updatedAt: '2026-03-12T09:30:00.001Z' };
    expect(await told({ decidedOn: exchange.updatedAt }, since)).toBe('writer.fenced');
    const answered = { ...since, answerId: 'm' };
    expect(await told({ decidedOn: exchange.updatedAt }, answered)).toBe('exchange.closed');
  });

  it('may come unasked where its contract requires no exchange, and belongs to one as soon as it names one', async () => {
    const either = { answers: true, requires: [] } as unknown as ObjectContract;
    const unasked = { event: {}, partner: { id: 'spsti-a' } } as unknown as Incoming;
    const none = { exchange: async () => undefined } as unknown as Records;
    expect(await checkAnswer(unasked, either, [], none)).toBeUndefined();
    expect(await told({}, exchange, either)).toBe(exchange.id);
    expect(await told({ correlationid: 'x' }, exchange, either)).toBe('exchange.unknown');
  });

  it('is looked for only where the contract says that the object answers', async () => {
    expect(await told({ correlationid: 'x' }, exchange, {} as ObjectContract)).toBe('not an answer');
  });
});
