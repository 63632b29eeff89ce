/**
 * CDA R2 level 3 (N3): ANS's medical summary (VSM 2023.01) from a DMST. It is a general-practice model: what of a
 * dossier has no place in it stays in the exchange object, whole. A section that the model wants and the dossier does
 * not fill says so in words.
 */
import { CDA_CODES } from '#core/cda-codes';
import type { CdaDocument } from '#core/cda-document';
import type { Dmst } from '#core/dmst';
import { writeXml, type XmlTree } from '../../xml/write-xml.ts';
import { clinicalDocument } from '../header.ts';
import { allergySection } from './allergies.ts';
import { familySection } from './family.ts';
import { habitSection } from './habits.ts';
import { problemSections } from './problems.ts';
import { resultSection } from './results.ts';
import { code, LOINC, type Scope, section } from './scope.ts';
import { surgerySection } from './surgeries.ts';
import { treatmentSection } from './treatments.ts';
import { vaccinationSection } from './vaccinations.ts';
import { workSection } from './work.ts';

const VSM = { root: '1.2.250.1.213.1.1.1.13' };
const ACT = {
  code: '34117-2',
  displayName: 'Historique et clinique',
  ...LOINC,
} as const;

/**
 * @param document its type is always SYNTH, its first act 34117-2: the model's
 * @throws BrokerError `content.invalid` when CI-SIS asks for what the document does not say
 */
export function writeSummary(document: CdaDocument, dmst: Dmst): Uint8Array {
  const scope = { dmst, id: document.id };
  return writeXml(
    clinicalDocument(
      { ...document, type: CDA_CODES.types.summary, act: { ...document.act, code: ACT } },
      VSM,
      [
        'structuredBody',
        [health(scope), resultSection(scope), treatmentSection(scope), vaccinationSection(scope)],
      ],
    ),
    'urn:hl7-org:v3',
    { xsi: 'http://www.w3.org/2001/XMLSchema-instance' },
  );
}

function health(scope: Scope): XmlTree {
  return section(scope, {
    path: 'health',
    templates: ['1.2.250.1.213.1.1.2.29'],
    code: code('46612-8', 'Conclusions de synthèse', LOINC),
    title: 'Pathologies en cours, antécédents, allergies et facteurs de risque',
    sections: [conditions(scope), risks(scope)],
  });
}

function conditions(scope: Scope): XmlTree {
  const sections = [...problemSections(scope), surgerySection(scope), allergySection(scope)].filter(
    (one) => one !== undefined,
  );
  return section(scope, {
    path: 'conditions',
    templates: ['1.2.250.1.213.1.1.2.30'],
    code: code('34117-2', 'Historique et physique', LOINC),
    title: 'Pathologies en cours, antécédents et allergies',
    ...(sections.length === 0
      ? { text: ['text', 'Le dossier ne mentionne ni pathologie, ni antécédent, ni allergie.'] as XmlTree }
      : { sections }),
  });
}

function risks(scope: Scope): XmlTree {
  return section(scope, {
    path: 'risks',
    templates: ['1.2.250.1.213.1.1.2.31'],
    code: code(
      '57207-3',
      'Facteurs de risque présents ou passés affectant l’état de santé et/ou une circonstance',
      LOINC,
    ),
    title: 'Facteurs de risque',
    sections: [habitSection(scope), workSection(scope), familySection(scope)],
  });
}
