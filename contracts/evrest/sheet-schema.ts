import questionnaire from './questionnaire.json' with { type: 'json' };
import sheet from './schemas/sheet.json' with { type: 'json' };

interface Item {
  code: string;
  label: string;
  /** closed list of answers, or the two ends of a scale */
  levels?: string[];
  scale?: number[];
}

/**
 * The sheet with the questions of the questionnaire in force: they are data, so that another edition is another file
 * and another id, and not code. A question left blank is absent.
 */
export const sheetSchema: object = {
  ...sheet,
  properties: {
    ...sheet.properties,
    questionnaire: { const: questionnaire.id },
    worker: {
      ...sheet.properties.worker,
      properties: Object.fromEntries(questionnaire.worker.map((item) => [item.code, answer(item)])),
    },
    health: {
      ...sheet.properties.health,
      properties: Object.fromEntries(
        questionnaire.health.map(({ code, label }) => [code, { $ref: '#/$defs/marks', title: label }]),
      ),
    },
  },
};

function answer({ label, levels, scale }: Item): object {
  if (levels !== undefined) return { title: label, enum: levels };
  const [minimum, maximum] = scale ?? [];
  return { title: label, type: 'integer', minimum, maximum };
}
