import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOperationOutcome, outcomeInFrench } from './operation-outcome.ts';

const outcome = (...issue: unknown[]) => ({ resourceType: 'OperationOutcome' as const, issue });

describe('an OperationOutcome told again', () => {
  it('says what is wrong and where, in French', () => {
    const told = outcomeInFrench(
      outcome(
        { code: 'required', expression: ['Bundle.entry[2].resource.code'] },
        { code: 'business-rule', details: { text: 'Usager inconnu' } },
      ),
    );
    expect(told).toBe(
      'élément obligatoire absent (Bundle.entry[2].resource.code) ; règle de gestion non respectée',
    );
  });

  it('says a reason once, five at most, and that there is none', () => {
    expect(outcomeInFrench(outcome({ code: 'value' }, { code: 'value' }))).toBe('valeur refusée');
    const many = Array.from({ length: 20 }, (_, n) => ({
      code: 'value',
      expression: [`Bundle.entry[${n}]`],
    }));
    expect(outcomeInFrench(outcome(...many)).split(' ; ')).toHaveLength(5);
    for (const empty of [
      outcome(),
      { resourceType: 'OperationOutcome' as const, issue: 'x' },
      outcome(null, 3),
    ])
      expect(outcomeInFrench(empty)).toBe('motif non précisé');
  });

  it('never repeats a word of the server: it could be content', () => {
    const WORDS = /^[a-zéèêàâçîôû’ -]+( \([A-Za-z][A-Za-z0-9.[\]]*\))?$/;
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            code: fc.oneof(
              fc.anything(),
              fc.constantFrom('constructor', '__proto__', 'toString', 'required'),
            ),
            expression: fc.anything(),
            diagnostics: fc.string(),
          }),
        ),
        (issue) => {
          for (const part of outcomeInFrench(outcome(...issue)).split(' ; ')) expect(part).toMatch(WORDS);
        },
      ),
    );
  });

  it('is told from anything else', () => {
    expect(isOperationOutcome(outcome())).toBe(true);
    for (const other of [undefined, null, 'x', [], { resourceType: 'Bundle' }])
      expect(isOperationOutcome(other)).toBe(false);
  });
});
