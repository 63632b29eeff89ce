import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adds, type Books, balance, type Outcome, type ReceivedFile, type SentFile } from './balance.ts';

const STATES: readonly Outcome[] = [
  'delivered',
  'refused',
  'held',
  'dead',
  'expired',
  'cancelled',
  'waiting',
];

interface World {
  books: {
    units: Books['units'][number][];
    journalled: Books['journalled'][number][];
    forgotten: number;
    stranded: [];
  };
  sent: SentFile[];
  received: ReceivedFile[];
}

/** A message from spsti-a to spsti-b in each state, and one that Relais started; everybody kept what they should. */
function aWorld(states: readonly Outcome[] = STATES): World {
  const units = states.map((state, n) => ({
    messageId: `m${n}`,
    sender: n === states.length - 1 && n > 0 ? 'relais' : 'spsti-a',
    senderId: `s${n}`,
    recipient: 'spsti-b',
    state,
  }));
  return {
    books: {
      units,
      journalled: units.map(({ messageId, sender }) => ({ messageId, sender, recipients: ['spsti-b'] })),
      forgotten: 0,
      stranded: [],
    },
    sent: [
      {
        partner: 'spsti-a',
        receipts: units
          .filter(({ sender }) => sender === 'spsti-a')
          .map(({ messageId, senderId }) => ({ id: messageId, senderId })),
      },
    ],
    received: [
      {
        partner: 'spsti-b',
        lines: units.flatMap(({ messageId, state }) =>
          state === 'delivered' || state === 'refused'
            ? [
                {
                  messageId,
                  attempt: 1,
                  outcome: state === 'refused' ? 'refused' : 'received',
                  repeat: false,
                },
              ]
            : [],
        ),
      },
    ],
  };
}

const weigh = ({ books, sent, received }: World) => balance(books, sent, received);
const line = (messageId: string, attempt: number, repeat: boolean, outcome = 'received') => ({
  messageId,
  attempt,
  repeat,
  outcome,
});
const withLines = (world: World, ...lines: ReceivedFile['lines']): World => ({
  ...world,
  received: world.received.map((file) => ({ ...file, lines: [...file.lines, ...lines] })),
});

describe('the ledger', () => {
  it('balances when every unit is somewhere, and counts what Relais started apart', () => {
    const result = weigh(aWorld());
    expect(result).toMatchObject({ balanced: true, lost: [], unexplained: [], twice: [] });
    expect(result.partners).toEqual({
      accepted: 6,
      delivered: 1,
      refused: 1,
      held: 1,
      dead: 1,
      expired: 1,
      cancelled: 1,
      waiting: 0,
    });
    expect(result.own).toMatchObject({ accepted: 1, waiting: 1 });
    expect(result.compared).toEqual({ receipts: 6, received: 2, repeats: 0, deliveredElsewhere: 0 });
  });

  it('balances for any mixture, and no longer once any one unit is taken away', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...STATES), { minLength: 1, maxLength: 30 }),
        fc.nat(),
        (states, n) => {
          const world = aWorld(states);
          expect(weigh(world).balanced).toBe(true);
          const [taken] = world.books.units.splice(n % states.length, 1);
          const result = weigh(world);
          expect(result.balanced).toBe(false);
          expect(adds(result.partners) && adds(result.own)).toBe(false);
          expect(result.lost).toContainEqual({
            code: 'journalled-unknown',
            messageId: taken?.messageId,
            partner: 'spsti-b',
          });
        },
      ),
    );
  });

  it('finds a receipt whose message is neither in the tables nor in the journal', () => {
    const world = aWorld();
    world.books.units.shift();
    world.books.journalled.shift();
    const result = weigh(world);
    expect(adds(result.partners)).toBe(true);
    expect(result.balanced).toBe(false);
    expect(result.lost).toEqual([{ code: 'receipt-unknown', messageId: 'm0', partner: 'spsti-a' }]);
    expect(result.unexplained).toEqual([{ code: 'received-unknown', messageId: 'm0', partner: 'spsti-b' }]);
  });

  it('finds a unit delivered on paper only, and says what it could not compare', () => {
    const world = aWorld();
    const [file] = world.received;
    const without = { ...world, received: [{ partner: 'spsti-b', lines: file?.lines.slice(1) ?? [] }] };
    expect(weigh(without).lost).toEqual([{ code: 'not-received', messageId: 'm0', partner: 'spsti-b' }]);
    const elsewhere = weigh({ ...world, received: [] });
    expect(elsewhere).toMatchObject({ balanced: true, compared: { deliveredElsewhere: 1 } });
  });

  it('looks for what left by a mailbox in no file of the recipient', () => {
    const world = aWorld();
    const [first, ...others] = world.books.units;
    world.books.units = [{ ...(first as Books['units'][number]), transport: 'mssante' }, ...others];
    const [file] = world.received;
    const result = weigh({ ...world, received: [{ partner: 'spsti-b', lines: file?.lines.slice(1) ?? [] }] });
    expect(result.lost).toEqual([]);
    expect(result.compared.deliveredElsewhere).toBe(1);
  });

  it('finds what waits for a job that is not there', () => {
    const { books, sent, received } = aWorld();
    const result = balance({ ...books, stranded: [{ messageId: 'm6' }] }, sent, received);
    expect(result).toMatchObject({ balanced: false, lost: [{ code: 'stranded', messageId: 'm6' }] });
  });

  it('finds a unit that the journal never saw accepted', () => {
    const world = aWorld();
    world.books.journalled.pop();
    expect(weigh(world)).toMatchObject({
      balanced: false,
      unexplained: [{ code: 'not-journalled', messageId: 'm6' }],
    });
  });

  it.each([
    ['another sender', { partner: 'spsti-b', receipts: [{ id: 'm0', senderId: 's0' }] }],
    ['another id', { partner: 'spsti-a', receipts: [{ id: 'm0', senderId: 's1' }] }],
  ])('finds a receipt of %s', (_, file) => {
    expect(weigh({ ...aWorld(), sent: [file] }).unexplained).toMatchObject([{ code: 'receipt-differs' }]);
  });

  it.each(['held', 'dead', 'expired', 'cancelled'] as const)(
    'finds a message received although the store says %s, not one whose receipt is on its way',
    (state) => {
      const messageId = `m${STATES.indexOf(state)}`;
      const result = weigh(withLines(aWorld(), line(messageId, 1, false)));
      expect(result.unexplained).toEqual([{ code: 'received-though', messageId, partner: 'spsti-b' }]);
      expect(result.balanced).toBe(false);
      const waiting = weigh(withLines(aWorld(), line('m6', 1, false)));
      expect(waiting.balanced).toBe(true);
    },
  );

  it('finds a message that its recipient took, and Relais counts as refused', () => {
    const world = aWorld(['refused']);
    const took = { ...world, received: [{ partner: 'spsti-b', lines: [line('m0', 1, false)] }] };
    expect(weigh(took).unexplained).toMatchObject([{ code: 'received-though' }]);
  });

  it('lets repeats pass that say so, in whatever order they were written', () => {
    for (const lines of [[line('m0', 2, true), line('m0', 5, true)], [line('m0', 2, true)]])
      expect(weigh(withLines(aWorld(), ...lines))).toMatchObject({
        balanced: true,
        compared: { repeats: lines.length },
      });
    const { books, sent } = aWorld(['delivered']);
    const late = [{ partner: 'spsti-b', lines: [line('m0', 2, false), line('m0', 1, true)] }];
    expect(balance(books, sent, late)).toMatchObject({ balanced: true, compared: { repeats: 1 } });
  });

  it('finds a repeat that did not say so, even one that the receiver recognised', () => {
    const result = weigh(withLines(aWorld(), line('m0', 1, true)));
    expect(result).toMatchObject({ balanced: false, twice: [{ code: 'unmarked', messageId: 'm0' }] });
  });

  it('finds a message handled twice, even one that was marked', () => {
    const result = weigh(withLines(aWorld(), line('m0', 2, false)));
    expect(result).toMatchObject({ balanced: false, twice: [{ code: 'handled-twice', messageId: 'm0' }] });
  });

  it('does not miss what was forgotten in its time, and counts one more than that as lost', () => {
    const world = aWorld();
    world.books.units.splice(0, 2);
    world.books.forgotten = 2;
    expect(weigh(world)).toMatchObject({
      balanced: true,
      lost: [],
      unexplained: [],
      partners: { accepted: 4 },
    });
    world.books.units.splice(0, 1);
    const result = weigh(world);
    expect(result.balanced).toBe(false);
    expect(result.lost).toContainEqual({ code: 'journalled-unknown', messageId: 'm2', partner: 'spsti-b' });
    expect(adds(result.partners)).toBe(false);
  });

  it('sees two recipients of one message as two units', () => {
    const world = aWorld(['delivered']);
    world.books.units.push({ ...(world.books.units[0] as Books['units'][number]), recipient: 'dmp' });
    world.books.journalled[0] = { messageId: 'm0', sender: 'spsti-a', recipients: ['dmp', 'spsti-b'] };
    world.received.push({ partner: 'dmp', lines: [line('m0', 1, false)] });
    expect(weigh(world)).toMatchObject({ balanced: true, partners: { accepted: 2, delivered: 2 } });
  });
});
