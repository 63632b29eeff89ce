import { type Content, type CsvColumn, csvParts, type Divided, type HookContext } from '#core';
import type { Questionnaire } from './questionnaire.ts';
import schema from './schemas/questionnaire.json' with { type: 'json' };

const SHEET: readonly CsvColumn[] = [
  'survey',
  'sheetId',
  'month',
  'establishment/status',
  'establishment/nafCode',
  'establishment/nafVersion',
  'establishment/headcountBand',
  'establishment/region',
  'establishment/preventionBodies',
  'establishment/riskAssessment',
  'employee/sex',
  'employee/ageBand',
  'employee/pcsCode',
  'employee/pcsVersion',
  'employee/contractType',
  'employee/workTime',
  'employee/tenureBand',
  'employee/hours',
].map(column);

const EXPOSURES = [
  'domain',
  'agent',
  'durationClass',
  'intensityClass',
  'collectiveProtection',
  'ppe',
  'noProtection',
  'opinion',
].map(column);

const ANSWERS = ['item', 'level'].map(column);

/** Three tables that the sheet id joins, and their schema. What proves that the worker was informed stays here. */
export function divideQuestionnaire({ json }: Content, { tools }: Pick<HookContext, 'tools'>): Divided {
  const sheet = json as Questionnaire;
  const sheetId: CsvColumn = { name: 'sheetId', at: '', constant: sheet.sheetId };
  const { $defs, properties } = schema;
  const parts = csvParts(
    sheet.survey,
    'Feuille SUMER',
    [
      { name: 'feuilles', title: 'Établissement et salarié', columns: SHEET, schema, rows: [sheet] },
      {
        name: 'expositions',
        title: 'Expositions de la dernière semaine travaillée',
        columns: [sheetId, ...EXPOSURES],
        schema: { ...properties.exposures.items, $defs },
        rows: sheet.exposures,
      },
      {
        name: 'autoquestionnaire',
        title: 'Réponses du salarié',
        columns: [sheetId, ...ANSWERS],
        schema: { ...properties.selfQuestionnaire.items, $defs },
        rows: sheet.selfQuestionnaire ?? [],
      },
    ],
    tools,
  );
  return { parts, removed: 1 };
}

function column(path: string): CsvColumn {
  return { name: path.replace('/', '_'), at: `/${path}` };
}
