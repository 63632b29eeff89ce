/** Weeks of a cell’s work, and a long list of it, written where the broker keeps them. */
import { type HeldDecision, type HeldIdentity, type Write, write } from '#core';
import { aMessage } from '../ports/stores.ts';
import { DAY } from './portability.ts';
import type { TestRelais } from './relais.ts';

const REASONS = [
  ['ins.differs'],
  ['ins.differs', 'traits.birth-name-differs'],
  ['insi.none', 'ins.not-confirmed'],
  ['subject.differs'],
];
const EVIDENCE = ['CN', 'PA', 'CN', 'CS'];

/** 39 decisions over the twelve weeks before now: 19 released, 12 refused, 8 that nobody decided in time. */
export async function weeksOfDecisions(relais: TestRelais, partner: string): Promise<void> {
  const verdicts = [
    ...Array.from({ length: 19 }, () => 'release' as const),
    ...Array.from({ length: 12 }, () => 'refuse' as const),
    ...Array.from({ length: 8 }, () => 'lapse' as const),
  ];
  const writes = verdicts.flatMap((verdict, n) => {
    const at = new Date(Date.now() - ((n * 17) % 84) * DAY - 3_600_000);
    return held(relais, partner, {
      reasons: REASONS[n % REASONS.length] ?? [],
      heldAt: new Date(at.getTime() - (1 + (n % 9)) * 3_600_000).toISOString(),
      decision: decisionOf(verdict, EVIDENCE[n % EVIDENCE.length] ?? '', at.toISOString()),
    });
  });
  await relais.broker.engine.stages.unitOfWork.commit(writes);
}

/** Messages whose lines too few share: each waits for a decision, and is about nobody. */
export async function manyWaiting(relais: TestRelais, partner: string, count: number): Promise<void> {
  const writes = Array.from({ length: count }, () =>
    held(relais, partner, { reasons: ['anonymity.k-too-low'], heldAt: new Date().toISOString() }),
  );
  await relais.broker.engine.stages.unitOfWork.commit(writes.flat());
}

function decisionOf(verdict: 'release' | 'refuse' | 'lapse', evidence: string, at: string): HeldDecision {
  return verdict === 'lapse'
    ? { verdict: 'refuse', evidence: '', reason: 'délai échu', by: 'broker', at }
    : { verdict, evidence, reason: 'vue au cabinet', by: 'somebody', at };
}

function held(
  { broker }: TestRelais,
  partner: string,
  given: Pick<HeldIdentity, 'reasons' | 'heldAt'> & { decision?: HeldDecision },
): Write[] {
  const { decision } = given;
  const status = decision === undefined ? 'held' : 'refused';
  const message = aMessage({ sender: partner, status, receivedAt: given.heldAt });
  const { atRest, chunks } = broker.engine.stages.vault.seal(Buffer.from('{}'), `held/${message.id}`);
  const bytes = chunks[0] as Uint8Array;
  return [
    write('message.insert', { message, atRest, keptUntil: new Date(Date.now() + 400 * DAY).toISOString() }),
    write('held.insert', {
      held: { id: message.id, messageId: message.id, partner, ...given, details: { atRest, bytes } },
    }),
  ];
}
