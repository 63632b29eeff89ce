/** What a vendor's software hands to the edge, read member by member: a dossier and the answers of a survey. */
import { BrokerError, compileSchemas, isDate, type SchemaCheck, valueAt } from '#core';
import type { Dmst, Employment } from '#core/dmst';
import { flow as dmstPortability } from '../../../../contracts/dmst-portability/index.ts';

let dossierFindings: SchemaCheck | undefined;

/** @throws BrokerError `content.invalid` with the pointer of what is missing or wrong, never its value */
export class EdgeInput {
  constructor(
    private readonly json: unknown,
    private readonly at = '',
  ) {}

  text(pointer: string): string {
    const value = this.optional(pointer);
    return typeof value === 'string' && value !== '' ? value : this.refuse(pointer, 'edge.missing');
  }

  /** `YYYY-MM-DD` */
  day(pointer: string): string {
    const value = this.text(pointer);
    return isDate(value) ? value : this.refuse(pointer, 'edge.not-a-day');
  }

  optional(pointer: string): unknown {
    return valueAt(this.json, pointer);
  }

  /** Absent = empty. */
  items(pointer: string): EdgeInput[] {
    const list = this.optional(pointer) ?? [];
    if (!Array.isArray(list)) return this.refuse(pointer, 'edge.not-a-list');
    return list.map((item, n) => new EdgeInput(item, `${this.at}${pointer}/${n}`));
  }

  /** The dossier, once it is one. */
  dossier(pointer = '/dmst'): Dmst {
    dossierFindings ??= compileSchemas(dmstPortability);
    const dossier = this.optional(pointer);
    const findings = dossierFindings('response', dossier);
    if (findings.length === 0) return dossier as Dmst;
    throw new BrokerError('content.invalid', {
      findings: findings.map((found) => ({ ...found, pointer: `${this.at}${pointer}${found.pointer}` })),
    });
  }

  refuse(pointer: string, code: keyof typeof REASONS): never {
    throw new BrokerError('content.invalid', {
      findings: [{ pointer: `${this.at}${pointer}`, code, detail: REASONS[code] }],
    });
  }
}

const REASONS = {
  'edge.missing': 'Information obligatoire absente.',
  'edge.not-a-day': 'Doit être une date réelle (AAAA-MM-JJ).',
  'edge.not-a-list': 'Doit être une liste.',
  'edge.before-birth': 'La date de naissance est après la visite.',
  'edge.no-employment': 'Aucun emploi en cours ce jour-là, ou son métier et son activité ne sont pas codés.',
  'edge.other-fortnight': 'Ce jour n’est pas de la même quinzaine que les autres.',
  'edge.refused-by-worker': 'La personne a refusé : rien ne part.',
  'gate.out-of-sample': 'La personne n’est pas dans l’échantillon à cette date.',
  'edge.code-unknown': 'Ce code n’est pas de la nomenclature attendue.',
};

/** The job held on that day, with its codes. */
export function employmentOn(
  input: EdgeInput,
  { employments, identity }: Pick<Dmst, 'employments' | 'identity'>,
  day: string,
): CodedEmployment {
  if (day < identity.birthDate) return input.refuse('/dmst/identity/birthDate', 'edge.before-birth');
  const job = employments.find(({ from, to }) => from <= day && (to === undefined || day <= to));
  if (job?.pcsCode === undefined || job.nafCode === undefined)
    return input.refuse('/dmst/employments', 'edge.no-employment');
  const { pcsCode, nafCode, pcsVersion = 'PCS-ESE-2017', nafVersion = 'NAF-REV2' } = job;
  return { ...job, pcsCode, nafCode, pcsVersion, nafVersion };
}

export type CodedEmployment = Employment &
  Required<Pick<Employment, 'pcsCode' | 'pcsVersion' | 'nafCode' | 'nafVersion'>>;

/** What proves that the person was informed, without telling on which day they came. */
export function informationOf(input: EdgeInput): { informedAt: string; recordedBy: string } {
  if (input.optional('/answers/refused') === true)
    return input.refuse('/answers/refused', 'edge.refused-by-worker');
  return {
    informedAt: firstOfMonth(input.day('/answers/informedAt')),
    recordedBy: input.text('/answers/recordedBy'),
  };
}

export function firstOfMonth(day: string): string {
  return `${day.slice(0, 7)}-01`;
}
