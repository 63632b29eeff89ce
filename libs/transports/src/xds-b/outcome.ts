/** What an answer of the registry makes of a delivery. */
import { BrokerError, type Sent } from '#core';
import type { RegistryAnswer } from './read-answer.ts';
import { LATER, LOT_OF_ANOTHER, LOT_THERE, REFUSALS, type RegistryRefusal } from './registry-errors.ts';

export interface Deposit {
  /** of the document in the registry */
  uniqueId: string;
  replaces: boolean;
  attempt: number;
  at: string;
  /** ids of what was made for this try */
  facts: Readonly<Record<string, string>>;
}

const ACKNOWLEDGEMENT = 'acknowledgement';
/** a lot holds these bytes already under another id, which a repeat of ours never brings about */
const NOT_OURS = ['XDSNonIdenticalHash', 'XDSNonIdenticalSize'];

/**
 * A repeat whose lot is there already has succeeded: a registry takes a lot whole or not at all, and the other errors
 * (a replaced version that is no longer current) only say so again.
 *
 * @throws BrokerError `transport.unreachable` when it may pass later, `transport.refused` (stop) for an error that nobody
 * here knows
 */
export function outcomeOf({ isSuccess, errors }: RegistryAnswer, deposit: Deposit): Sent {
  const isThere =
    deposit.attempt > 1 && errors.includes(LOT_THERE) && !errors.some((code) => NOT_OURS.includes(code));
  if (isSuccess || isThere) return kept(deposit, isThere);
  const refusals = errors.flatMap((code) => refusalOf(code) ?? []);
  if (refusals.length > 0) return refused(refusals, deposit);
  const unknown = errors.find((code) => !LATER.includes(code));
  if (unknown !== undefined)
    throw new BrokerError('transport.refused', { next: 'stop', detail: unknown, facts: deposit.facts });
  throw new BrokerError('transport.unreachable', {
    detail: errors.join(', '),
    facts: deposit.facts,
  });
}

/** Refused by the record: its sender is told why, in a receipt and in the flow's own acknowledgement. */
export function refused(
  refusals: readonly RegistryRefusal[],
  { at, facts, attempt }: Pick<Deposit, 'at' | 'facts' | 'attempt'>,
): Sent {
  const codes = [...new Set(refusals.map(({ code }) => code))];
  const told = refusals.map((one) => one.detail);
  // its answer was lost: nobody here knows what became of it
  const detail = [...new Set(attempt > 1 ? [...told, 'Un essai précédent a pu aboutir.'] : told)].join(' ');
  return {
    receipt: { outcome: 'refused', at, code: 'transport.refused', detail },
    problem: new BrokerError('transport.refused', { next: 'reject', detail }),
    answer: {
      object: ACKNOWLEDGEMENT,
      json: { outcome: 'refused', items: codes.map((code) => ({ code })) },
    },
    facts,
  };
}

function kept({ uniqueId, replaces, at, facts }: Deposit, isRepeat: boolean): Sent {
  return {
    receipt: {
      outcome: 'received',
      at,
      ...(isRepeat ? { detail: 'déjà déposé lors d’un essai précédent' } : {}),
    },
    answer: {
      object: ACKNOWLEDGEMENT,
      json: {
        outcome: 'accepted',
        reference: uniqueId,
        items: [{ code: 'visible' }, ...(replaces ? [{ code: 'replaced' }] : [])],
      },
    },
    facts,
  };
}

function refusalOf(code: string): RegistryRefusal | undefined {
  if (code === LOT_THERE) return LOT_OF_ANOTHER;
  return Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined;
}
