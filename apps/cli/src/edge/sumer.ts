import { ageBand, ageOn, generaliseDate } from '#confidentiality';
import type { Exposure } from '#core/dmst';
import type { Questionnaire, SheetExposure } from '../../../../contracts/sumer/questionnaire.ts';
import { type EdgeInput, employmentOn, informationOf } from './edge-input.ts';

const TENURES = [
  [1, '<1'],
  [5, '1-4'],
  [10, '5-9'],
  [20, '10-19'],
] as const;

/**
 * `{ dmst, answers: { survey, visitOn, informedAt, recordedBy, status, region, … } }` → a sheet of contracts/sumer.
 *
 * Guarantee: of the identity only sex and a five-year age band are read; of the visit the month; of the exposures codes
 * and classes, never the words somebody typed. The sheet id is the caller's, drawn for the survey.
 */
export function sumerSheet(input: EdgeInput, sheetId: string): Questionnaire {
  const information = informationOf(input);
  const dossier = input.dossier();
  const { identity, exposures = [] } = dossier;
  const visitOn = input.day('/answers/visitOn');
  const job = employmentOn(input, dossier, visitOn);
  return withoutAbsent({
    survey: input.text('/answers/survey'),
    sheetId,
    month: generaliseDate(visitOn, 'month'),
    information,
    establishment: withoutAbsent({
      status: input.text('/answers/status'),
      nafCode: job.nafCode,
      nafVersion: job.nafVersion,
      headcountBand: job.headcountBand,
      region: input.text('/answers/region'),
      preventionBodies: list(input, '/answers/preventionBodies'),
      riskAssessment: input.optional('/answers/riskAssessment'),
    }),
    employee: withoutAbsent({
      sex: identity.sex,
      ageBand: ageBand(ageOn(identity.birthDate, visitOn)),
      pcsCode: job.pcsCode,
      pcsVersion: job.pcsVersion,
      contractType: input.optional('/answers/contractType') ?? job.contractType,
      workTime: job.workTime === undefined ? undefined : job.workTime === 100 ? 'COMPLET' : 'PARTIEL',
      tenureBand: TENURES.find(([years]) => ageOn(job.from, visitOn) < years)?.[1] ?? '20+',
      hours: list(input, '/answers/hours'),
    }),
    exposures: input.items('/answers/exposures').map((one) => exposureOf(one, exposures)),
    selfQuestionnaire: input.optional('/answers/selfQuestionnaire'),
  }) as unknown as Questionnaire;
}

/** What the doctor says of an exposure of the dossier: duration and intensity are the dossier's unless said otherwise. */
function exposureOf(input: EdgeInput, known: readonly Exposure[]): SheetExposure {
  const ref = input.optional('/ref');
  const exposure = known.find(({ id }) => id === ref);
  const { tepCode, durationClass, intensityClass } = exposure ?? {};
  return withoutAbsent({
    domain: input.text('/domain'),
    agent: input.optional('/agent') ?? tepCode,
    durationClass: input.optional('/durationClass') ?? durationClass,
    intensityClass: input.optional('/intensityClass') ?? intensityClass,
    collectiveProtection: list(input, '/collectiveProtection'),
    ppe: list(input, '/ppe'),
    noProtection: input.optional('/noProtection') === true,
    opinion: input.optional('/opinion'),
  }) as unknown as SheetExposure;
}

function list(input: EdgeInput, pointer: string): unknown {
  return input.optional(pointer) ?? [];
}

function withoutAbsent(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
