import { textAt, valueAt } from '../content/pointer.ts';
import type { Finding } from '../errors.ts';
import type { GateContract } from '../gate.ts';
import { missingAt } from './missing.ts';

/** The sampling rule that the sender applied was in force on that day, and the year of birth does not contradict it. */
export function sampling(json: unknown, gate: Extract<GateContract, { gate: 'sampling' }>): Finding[] {
  const out = (pointer: string) =>
    missingAt([pointer], 'gate.out-of-sample', 'La personne n’est pas dans l’échantillon à cette date.');
  const day = textAt(json, gate.dateAt) ?? '';
  const rule = gate.rules.find(
    ({ id, from, until }) =>
      id === valueAt(json, gate.ruleAt) && from <= day && (until === undefined || day <= until),
  );
  if (rule === undefined) return out(gate.ruleAt);
  return rule.parity === 'even' && Number(valueAt(json, gate.yearAt)) % 2 !== 0 ? out(gate.yearAt) : [];
}
