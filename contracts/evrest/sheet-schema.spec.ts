import { expect, it } from 'vitest';
import { compileSchemas } from '#core';
import { flow } from './index.ts';
import questionnaire from './questionnaire.json' with { type: 'json' };
import nurse from './samples/valid/sheet.nurse.json' with { type: 'json' };

const check = compileSchemas(flow);
const told = (json: unknown) => check('sheet', json).map(({ pointer, code }) => `${pointer} ${code}`);

it.each(questionnaire.worker.filter(({ levels }) => levels !== undefined))(
  '$code takes its own levels and no other',
  ({ code, levels = [] }) => {
    for (const level of levels) expect(told({ ...nurse, worker: { [code]: level } })).toEqual([]);
    expect(told({ ...nurse, worker: { [code]: 'PEUT-ETRE' } })).toEqual([`/worker/${code} schema.enum`]);
  },
);

it.each(questionnaire.worker.filter(({ scale }) => scale !== undefined))(
  '$code takes both ends of its scale and nothing beyond',
  ({ code, scale = [] }) => {
    const [least = 0, most = 0] = scale;
    for (const mark of [least, most]) expect(told({ ...nurse, worker: { [code]: mark } })).toEqual([]);
    expect(told({ ...nurse, worker: { [code]: most + 1 } })).toEqual([`/worker/${code} schema.maximum`]);
    expect(told({ ...nurse, worker: { [code]: least - 1 } })).toEqual([`/worker/${code} schema.minimum`]);
  },
);

it.each(questionnaire.health)('$code needs its three marks', ({ code }) => {
  expect(told({ ...nurse, health: { [code]: { symptoms: true, discomfort: false, care: false } } })).toEqual(
    [],
  );
  expect(told({ ...nurse, health: { [code]: { symptoms: true, discomfort: false } } })).toEqual([
    `/health/${code}/care schema.required`,
  ]);
});

it('a sheet of another edition of the questionnaire is refused', () => {
  expect(told({ ...nurse, questionnaire: 'evrest-relais/0' })).toEqual(['/questionnaire schema.const']);
});
