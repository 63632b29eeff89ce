/** What a schema cannot say of a summary. Dates are `YYYY-MM-DD`: text order is time order. */
import { type Content, type Finding, insFindings } from '#core';
import type { SupportSummary } from '#core/support-summary';

const DETAILS = {
  'medico-social.nothing-to-say': 'Ni capacité, ni restriction, ni aménagement : rien à transmettre.',
  'medico-social.restriction-over': 'Cette restriction finit avant la date des conclusions.',
  'medico-social.before-birth': 'Date antérieure à la naissance.',
  'medico-social.consent-later': 'L’accord est daté d’un jour à venir.',
} as const;

export function checkSummary({ json }: Content, { now }: { now: string }): Finding[] {
  const summary = json as SupportSummary;
  const { subject, capacities, restrictions, adaptations, vaccinations = [], consent, date } = summary;
  const isEmpty = capacities.length + restrictions.length + adaptations.length === 0;
  return [
    ...insFindings('medico-social', subject.ins, '/subject/ins'),
    ...(isEmpty ? [finding('medico-social.nothing-to-say', '')] : []),
    ...restrictions.flatMap(({ until }, n) =>
      until !== undefined && until < date
        ? [finding('medico-social.restriction-over', `/restrictions/${n}/until`)]
        : [],
    ),
    ...vaccinations.flatMap(({ date: given }, n) =>
      given < subject.birthDate ? [finding('medico-social.before-birth', `/vaccinations/${n}/date`)] : [],
    ),
    ...(consent?.at !== undefined && consent.at > now.slice(0, 10)
      ? [finding('medico-social.consent-later', '/consent/at')]
      : []),
  ];
}

function finding(code: keyof typeof DETAILS, pointer: string): Finding {
  return { pointer, code, detail: DETAILS[code] };
}
