import { describe, expect, it } from 'vitest';
import { checkQuestionnaire } from './checks.ts';
import privateSheet from './samples/valid/questionnaire.private.json' with { type: 'json' };
import stateSheet from './samples/valid/questionnaire.state.json' with { type: 'json' };

function findings(json: object, recipients: string[] = []) {
  const content = { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(json)), json };
  return checkQuestionnaire(content, { now: '2026-11-22T08:00:00.000Z', recipients }).map(
    ({ pointer, code }) => `${pointer} ${code}`,
  );
}

describe('a sheet goes to the survey it belongs to', () => {
  it.each([
    ['a State employee’s', stateSheet, 'dgafp', []],
    ['a State employee’s', stateSheet, 'dares', ['/establishment/status sumer.recipient']],
    ['another employee’s', privateSheet, 'dares', []],
    ['another employee’s', privateSheet, 'dgafp', ['/establishment/status sumer.recipient']],
  ] as const)('%s, sent to one of the two', (_, sheet, recipient, expected) => {
    expect(findings(sheet, [recipient])).toEqual(expected);
  });

  it('is not asked while nobody is named', () => {
    expect(findings(stateSheet)).toEqual([]);
  });
});

it('a collective protection contradicts « aucune protection » as a personal one does', () => {
  const [exposure] = privateSheet.exposures;
  const exposures = [{ ...exposure, ppe: [], noProtection: true }];
  expect(findings({ ...privateSheet, exposures })).toEqual([
    '/exposures/0/noProtection sumer.protection-contradicts',
  ]);
});
