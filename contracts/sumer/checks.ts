import type { CheckContext, Content, Finding } from '#core';
import type { Questionnaire } from './questionnaire.ts';

/** Sheets of the State's own employees are the DGAFP's part of the survey. */
const OF_THE_STATE = 'ETAT';
const STATE_RECIPIENT = 'dgafp';

export function checkQuestionnaire({ json }: Content, { recipients }: CheckContext): Finding[] {
  const sheet = json as Questionnaire;
  return [...contradictions(sheet), ...repeated(sheet), ...misdirected(sheet, recipients)];
}

function contradictions({ exposures }: Questionnaire): Finding[] {
  return exposures.flatMap(({ ppe, collectiveProtection, noProtection }, n) =>
    noProtection && ppe.length + collectiveProtection.length > 0
      ? [
          {
            pointer: `/exposures/${n}/noProtection`,
            code: 'sumer.protection-contradicts',
            detail: '« Aucune protection » ne va pas avec une protection déclarée.',
          },
        ]
      : [],
  );
}

function repeated({ exposures }: Questionnaire): Finding[] {
  const seen = new Set<string>();
  return exposures.flatMap(({ domain, agent }, n) => {
    const key = `${domain} ${agent}`;
    const again = seen.has(key);
    seen.add(key);
    return again
      ? [
          {
            pointer: `/exposures/${n}/agent`,
            code: 'sumer.exposure-repeated',
            detail: 'Cette exposition figure déjà sur la feuille.',
          },
        ]
      : [];
  });
}

/** In a dry run nobody is named yet. */
function misdirected({ establishment }: Questionnaire, recipients: readonly string[]): Finding[] {
  const ofTheState = establishment.status === OF_THE_STATE;
  if (recipients.every((id) => (id === STATE_RECIPIENT) === ofTheState)) return [];
  return [
    {
      pointer: '/establishment/status',
      code: 'sumer.recipient',
      detail: ofTheState
        ? 'La feuille d’un agent de l’État est destinée à la DGAFP.'
        : 'Seule la feuille d’un agent de l’État est destinée à la DGAFP.',
    },
  ];
}
