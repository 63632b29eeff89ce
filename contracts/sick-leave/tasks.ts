/**
 * The visits that a stop calls for, by dated rules: data, so that a change of the law is a line. Pure: what is due may
 * already be past, and whether it was done is the service's to know.
 */
import { addDays } from './days.ts';
import type { Cause, Stop } from './notice.ts';

export interface Task {
  visit: 'VPRE' | 'VREP';
  /** id of the rule that calls for it */
  rule: string;
  /** first and last day on which it may be held; a préreprise may be held as soon as it is due */
  from?: string;
  dueBy: string;
}

export interface TaskRule {
  id: string;
  visit: Task['visit'];
  /** every cause when absent */
  causes?: readonly Cause[];
  atLeastDays: number;
  /** first and last day of the stops that the rule is for, both included */
  begunFrom?: string;
  begunUntil?: string;
}

/** Days within which the reprise visit is held, from the day of return (R.4624-31). */
const RETURN_VISIT_DAYS = 8;

export const TASK_RULES: readonly TaskRule[] = [
  // R.4624-29: more than thirty days
  { id: 'VPRE-30', visit: 'VPRE', atLeastDays: 31 },
  // R.4624-31
  { id: 'VREP-MAT', visit: 'VREP', causes: ['MAT'], atLeastDays: 1 },
  { id: 'VREP-MP', visit: 'VREP', causes: ['MP'], atLeastDays: 1 },
  { id: 'VREP-AT-30', visit: 'VREP', causes: ['AT'], atLeastDays: 30 },
  { id: 'VREP-60', visit: 'VREP', causes: ['MAL', 'ATNP'], atLeastDays: 60, begunFrom: '2022-04-01' },
  // before decree 2022-372
  { id: 'VREP-30', visit: 'VREP', causes: ['MAL', 'ATNP'], atLeastDays: 30, begunUntil: '2022-03-31' },
];

export function derivedTasks(stop: Stop, rules: readonly TaskRule[] = TASK_RULES): Task[] {
  const begun = addDays(stop.to, 1 - stop.cumulatedDays);
  return rules.filter((rule) => calls(rule, stop, begun)).map(({ id, visit }) => taskOf(id, visit, stop));
}

function calls(rule: TaskRule, { cause, cumulatedDays }: Stop, begun: string): boolean {
  return (
    (rule.causes?.includes(cause) ?? true) &&
    cumulatedDays >= rule.atLeastDays &&
    (rule.begunFrom ?? begun) <= begun &&
    begun <= (rule.begunUntil ?? begun)
  );
}

function taskOf(rule: string, visit: Task['visit'], stop: Stop): Task {
  const back = dayOfReturn(stop);
  if (visit === 'VPRE') return { visit, rule, dueBy: addDays(back, -1) };
  return { visit, rule, from: back, dueBy: addDays(back, RETURN_VISIT_DAYS) };
}

/** A part-time return is a return. */
function dayOfReturn({ partialFrom, expectedReturn, to }: Stop): string {
  return partialFrom ?? expectedReturn ?? addDays(to, 1);
}
