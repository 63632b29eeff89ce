import type { PseudonymKeys } from '#confidentiality';
import questionnaire from '../../../../contracts/evrest/questionnaire.json' with { type: 'json' };
import { type EdgeInput, employmentOn, firstOfMonth, informationOf } from './edge-input.ts';

/** The pseudonym of the observatory is of no use to anybody else's file. */
export const EVREST_PURPOSE = 'evrest/gis-evrest';

const OCTOBER = '10';
const ANY_YEAR_FROM = '2017-01-01';

/**
 * `{ dmst, answers: { interviewOn, informedAt, recordedBy, team?, worker, health } }` → a sheet of contracts/evrest.
 *
 * Guarantee: the matricule (or the local number of whoever has no qualified one) leaves as a keyed hash, of the birth
 * the year, of the interview the month; the zone of local questions is not read. It is a pseudonym, not anonymity.
 * Whoever was not born in October, or, until 2016, in an even year, is refused.
 */
export function evrestSheet(input: EdgeInput, keys: PseudonymKeys): object {
  const information = informationOf(input);
  const dossier = input.dossier();
  const { ins, localId, birthDate, sex } = dossier.identity;
  const interviewOn = input.day('/answers/interviewOn');
  const rule = interviewOn < ANY_YEAR_FROM ? 'october-even' : 'october-any';
  const [year = '', month] = birthDate.split('-');
  if (month !== OCTOBER || (rule === 'october-even' && Number(year) % 2 !== 0))
    input.refuse('/dmst/identity/birthDate', 'gate.out-of-sample');
  const job = employmentOn(input, dossier, interviewOn);
  const { pcsCode, pcsVersion, nafCode, nafVersion, headcountBand, workTime } = job;
  const team = input.optional('/answers/team');
  return {
    questionnaire: questionnaire.id,
    ...(team === undefined ? {} : { team }),
    pseudonym: keys.pseudonymise(EVREST_PURPOSE, ins?.status === 'QUAL' ? { ins } : { localId }),
    birthYear: Number(year),
    sex,
    sample: { rule, on: firstOfMonth(interviewOn) },
    information,
    post: {
      pcsCode,
      pcsVersion,
      nafCode,
      nafVersion,
      ...(headcountBand === undefined ? {} : { headcountBand }),
      contractType: input.optional('/answers/contractType') ?? job.contractType,
      ...(workTime === undefined ? {} : { workTime: workTime === 100 ? 'COMPLET' : 'PARTIEL' }),
    },
    worker: input.optional('/answers/worker') ?? {},
    health: input.optional('/answers/health') ?? {},
  };
}
