/** Jobs and exposures: the one section of the model that is about work has words only, no coded entry. */
import { EXPOSURE_SOURCES, FACTORS, FOLLOW_UP, word } from '#core/dmst-words';
import type { XmlTree } from '../../xml/write-xml.ts';
import { code, inFrench, LOINC, type Scope, section, table } from './scope.ts';

/** The employer is not named: it is no matter of care, and names of employers are not for other readers. */
export function workSection(scope: Scope): XmlTree {
  return section(scope, {
    path: 'work',
    templates: ['1.3.6.1.4.1.19376.1.5.3.1.1.5.3.1', '1.2.250.1.213.1.1.2.74'],
    code: code('10161-8', 'Facteurs de risques professionnels', LOINC),
    title: 'Facteurs de risques professionnels',
    text: ['text', [jobs(scope), followUps(scope), exposures(scope)]],
  });
}

function jobs({ dmst }: Scope): XmlTree {
  return table(
    ['Début', 'Fin', 'Poste', 'Secteur'],
    dmst.employments.map(({ from, to, jobTitle, nafLabel, nafCode }) => [
      inFrench(from),
      inFrench(to),
      jobTitle,
      nafLabel ?? nafCode,
    ]),
  );
}

function followUps({ dmst }: Scope): XmlTree | undefined {
  if (dmst.followUp.length === 0) return undefined;
  return table(
    ['Début', 'Fin', 'Suivi'],
    dmst.followUp.map(({ from, to, category }) => [inFrench(from), inFrench(to), FOLLOW_UP[category]]),
  );
}

function exposures({ dmst }: Scope): XmlTree | undefined {
  const { exposures: all = [] } = dmst;
  if (all.length === 0) return undefined;
  return table(
    ['Début', 'Fin', 'Exposition', 'Facteur', 'Mesure', 'Source'],
    all.map(({ from, to, label, l4161Factor, measure, cumulative, source }) => [
      inFrench(from),
      inFrench(to),
      cumulative === undefined ? label : `${label} (${cumulative})`,
      l4161Factor && word(FACTORS, l4161Factor),
      measure && `${measure.value} ${measure.unit}`,
      word(EXPOSURE_SOURCES, source),
    ]),
  );
}
