import type { Finding } from '../errors.ts';

/**
 * R.4624-45-7: the asking service informs the worker and checks that they do not object. It is information and
 * non-opposition, not consent. Without `legalGate { informedAt, nonOpposition: true, recordedBy }` nothing is sent.
 */
export function nonOpposition(json: unknown): Finding[] {
  const gate = member(json, 'legalGate');
  if (typeof gate !== 'object' || gate === null) return [missing('/legalGate')];
  const absent = ['informedAt', 'recordedBy'].filter((name) => {
    const value = member(gate, name);
    return typeof value !== 'string' || value.trim() === '';
  });
  if (member(gate, 'nonOpposition') !== true) absent.push('nonOpposition');
  return absent.map((name) => missing(`/legalGate/${name}`));
}

function member(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, name)
    ? (json as Record<string, unknown>)[name]
    : undefined;
}

function missing(pointer: string): Finding {
  return {
    pointer,
    code: 'gate.non-opposition-missing',
    detail:
      'L’information du travailleur et sa non-opposition doivent être enregistrées avant toute demande.',
  };
}
