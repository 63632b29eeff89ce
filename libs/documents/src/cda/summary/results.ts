import { OUTPUTS } from '#core/dmst-words';
import type { XmlTree } from '../../xml/write-xml.ts';
import { code, inFrench, LOINC, type Scope, section, table } from './scope.ts';

/** Results of examinations and conclusions of visits. The model wants the section, and no entry in it. */
export function resultSection(scope: Scope): XmlTree {
  const { exams = [], outputs = [] } = scope.dmst;
  const nothing = exams.length === 0 && outputs.length === 0;
  return section(scope, {
    path: 'results',
    templates: ['1.3.6.1.4.1.19376.1.5.3.1.3.27', '1.2.250.1.213.1.1.2.150'],
    code: code('30954-2', 'Résultats d’examens', LOINC),
    title: 'Résultats et points de vigilance',
    text: nothing
      ? ['text', 'Le dossier ne contient ni résultat d’examen ni conclusion de visite.']
      : ['text', [examTable(scope), conclusionTable(scope)]],
  });
}

function examTable({ dmst }: Scope): XmlTree | undefined {
  const { exams = [] } = dmst;
  if (exams.length === 0) return undefined;
  return table(
    ['Date', 'Examen', 'Résultat', 'Interprétation'],
    exams.map(({ date, label, value, unit, series = [], interpretation }) => [
      inFrench(date),
      label,
      [
        ...(value === undefined ? [] : [unit === undefined ? `${value}` : `${value} ${unit}`]),
        ...series.map((one) => `${one.label} : ${one.value}`),
      ].join(' ; '),
      interpretation,
    ]),
  );
}

function conclusionTable({ dmst }: Scope): XmlTree | undefined {
  const { outputs = [] } = dmst;
  if (outputs.length === 0) return undefined;
  return table(
    ['Date', 'Conclusion', 'Valable jusqu’au', 'Précisions'],
    outputs.map(({ date, type, validUntil, restrictions = [], text }) => [
      inFrench(date),
      OUTPUTS[type],
      inFrench(validUntil),
      [...restrictions.map(({ label }) => label), ...(text === undefined ? [] : [text])].join(' ; '),
    ]),
  );
}
