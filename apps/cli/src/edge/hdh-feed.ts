/**
 * hdh-feed at the sender: dossiers in, a batch of research lines out, and beside it the matching lines for the trusted
 * third party, which Relais never carries.
 */
import { drawLinkId, generaliseCode, generaliseDate } from '#confidentiality';
import { flowOf } from '#contracts';
import { afterCheckFindings, BrokerError, compileSchemas, type Finding, type SchemaCheck } from '#core';
import type { Dmst } from '#core/dmst';
import { listedValues } from './edge.ts';
import { ownTraces } from './own-traces.ts';

/** Who objected: the matricule, or the sender's own number. */
export type Opposed = { ins: string } | { localId: { system: string; value: string } };

export interface HdhExport {
  /** uuid drawn for this export */
  exportId: string;
  mode: 'full' | 'delta';
  /** months */
  period: { from: string; to: string };
  information: { informedAt: string; recordedBy: 'MT' | 'DPO' | 'DIRECTION' };
  opposition: { appliedAt: string; listVersion: string; opposed: readonly Opposed[] };
}

/** What joins a line to a person: for the trusted third party alone. */
export interface MatchingLine {
  linkId: string;
  birthName: string;
  firstNames: readonly string[];
  sex: string;
  birthDate: string;
  birthPlace?: string;
  ins: { value: string; key: string; oid: string };
}

export type HdhLine =
  | { kind: 'header'; json: object }
  | { kind: 'line'; json: object; matching: MatchingLine }
  /** left out at the source; `n` counts dossiers from 1 */
  | { kind: 'opposed' | 'not-qualified'; n: number }
  /** what would have left holds what it must not: refused, never cleaned */
  | { kind: 'refused'; n: number; findings: readonly Finding[] };

/**
 * Opposition list first, then the identity (qualified, at the source: it is what the third party matches by), then the
 * transform, then the check of its own guarantee.
 * @param dossiers walked twice: the header says how many were opposed
 */
export async function* hdhExport(
  dossiers: () => Iterable<Dmst> | AsyncIterable<Dmst>,
  settings: HdhExport,
  draw: () => string = drawLinkId,
): AsyncGenerator<HdhLine> {
  const opposed = new Set(settings.opposition.opposed.map(keyOf));
  const isOpposed = (dossier: Dmst) => keysOf(dossier).some((key) => opposed.has(key));
  let opposedOut = 0;
  for await (const dossier of dossiers()) if (isOpposed(dossier)) opposedOut += 1;
  const { exportId, mode, period, information, opposition } = settings;
  const { appliedAt, listVersion } = opposition;
  yield {
    kind: 'header',
    json: {
      record: 'batch',
      profile: 'research/1',
      exportId,
      mode,
      period,
      pseudonymisation: 'drawn-per-export',
      information,
      opposition: { appliedAt, listVersion, opposedOut },
    },
  };
  let n = 0;
  for await (const dossier of dossiers()) {
    n += 1;
    if (isOpposed(dossier)) yield { kind: 'opposed', n };
    else if (dossier.identity.ins?.status !== 'QUAL') yield { kind: 'not-qualified', n };
    else yield checked(n, dossier, draw());
  }
}

/**
 * The research line of one dossier (contracts/hdh-feed).
 *
 * Guarantee: codes, months, bands and the drawn link id; no identity, employer, service, professional, text, label nor
 * attachment. It is pseudonymous, not anonymous.
 */
export function researchLine(dossier: Dmst, linkId: string): object {
  const { identity, services, employments, closure } = dossier;
  const [begun = employments[0]?.from ?? identity.birthDate] = services.map(({ from }) => from).sort();
  const seen = closure?.lastVisitAt;
  return {
    linkId,
    travailleur: { birthYear: Number(identity.birthDate.slice(0, 4)), sex: identity.sex },
    // a last visit elsewhere, before this service: nothing was observed yet
    periode_observation: span({ from: begun, to: seen !== undefined && seen < begun ? undefined : seen }),
    ...table('episode_poste', employments, (job) => ({
      ...span(job),
      ...coarse('naf', job.nafCode, 'naf-division', 'nafVersion', job.nafVersion),
      ...coarse('pcs', job.pcsCode, 'pcs-2', 'pcsVersion', job.pcsVersion),
      ...given({ headcountBand: job.headcountBand, contractType: job.contractType }),
      ...(job.workTime === undefined ? {} : { workTime: job.workTime === 100 ? 'FULL' : 'PART' }),
    })),
    ...table('exposition_professionnelle', dossier.exposures, (exposure) => ({
      ...span(exposure),
      source: exposure.source,
      ...given({
        tep: exposure.tepCode,
        factor: exposure.l4161Factor,
        intensityClass: exposure.intensityClass,
        durationClass: exposure.durationClass,
      }),
    })),
    ...table('visite_sante_travail', dossier.visits, (visit) => ({
      month: month(visit.date),
      type: visit.type,
      role: visit.professional.role,
      ...given({ modality: visit.modality, followUpCategory: visit.followUpCategory }),
    })),
    ...table('conclusion_medicale', dossier.outputs, ({ date, type, restrictions = [] }) => {
      const codes = restrictions.flatMap(({ code }) => (code === undefined ? [] : [code]));
      return { month: month(date), type, ...(codes.length === 0 ? {} : { restrictions: codes }) };
    }),
    ...table('pathologie_atmp', dossier.occupationalEvents, (event) => ({
      month: month(event.date),
      type: event.type,
      ...given({
        cim10: event.cim10?.slice(0, 3),
        tableMP: event.tableMP,
        recognised: event.recognised,
        stopDays: event.stopDays === undefined ? undefined : stopBand(event.stopDays),
      }),
    })),
    ...table(
      'examen_complementaire',
      dossier.exams?.filter(({ code }) => code !== undefined),
      ({ date, code, value, unit }) => ({ month: month(date), code, ...given({ value, unit }) }),
    ),
    ...table(
      'vaccination',
      dossier.vaccinations?.filter(({ code }) => ATC.test(code ?? '')),
      ({ date, code }) => ({ month: month(date), code }),
    ),
  };
}

export function matchingLine(dossier: Dmst, linkId: string): MatchingLine {
  const { birthName, firstNames, sex, birthDate, birthPlace, ins } = dossier.identity;
  if (ins?.status !== 'QUAL') throw new BrokerError('gate.identity-status');
  const { value, key, oid } = ins;
  return {
    linkId,
    birthName,
    firstNames,
    sex,
    birthDate,
    ...(birthPlace === undefined ? {} : { birthPlace }),
    ins: { value, key, oid },
  };
}

/** The vaccine's class: a product code would tell more than research asks. */
const ATC = /^[A-Z][0-9]{2}[A-Z]{2}[0-9]{2}$/;

let check: { schema: SchemaCheck; vocabulary: ReadonlySet<string> } | undefined;

function checked(n: number, dossier: Dmst, linkId: string): HdhLine {
  const flow = flowOf('hdh-feed');
  const rule = flow?.contract.objects['dmst-batch']?.afterCheck;
  if (flow === undefined || rule === undefined) throw new BrokerError('flow.unknown');
  check ??= { schema: compileSchemas(flow), vocabulary: listedValues(flow.schemas['research-line']) };
  const json = researchLine(dossier, linkId);
  const findings = [
    ...check.schema('dmst-batch', json, 'research-line'),
    ...(flow.hooks['dmst-batch']?.checkLine?.(json, n) ?? []),
    ...afterCheckFindings(rule, json),
    ...ownTraces([dossier], json, check.vocabulary),
  ];
  if (findings.length > 0) return { kind: 'refused', n, findings };
  return { kind: 'line', json, matching: matchingLine(dossier, linkId) };
}

function keysOf({ identity: { ins, localId } }: Dmst): string[] {
  return [...(ins === undefined ? [] : [keyOf({ ins: ins.value })]), keyOf({ localId })];
}

function keyOf(opposed: Opposed): string {
  return 'ins' in opposed
    ? `ins ${opposed.ins}`
    : `local ${JSON.stringify([opposed.localId.system, opposed.localId.value])}`;
}

function month(day: string): string {
  return generaliseDate(day, 'month');
}

function span({ from, to }: { from: string; to?: string | undefined }): object {
  return { from: month(from), ...(to === undefined ? {} : { to: month(to) }) };
}

function stopBand(days: number): string {
  if (days === 0) return '0';
  if (days <= 3) return '1-3';
  if (days <= 30) return '4-30';
  return days <= 90 ? '31-90' : '>90';
}

/** A code that is not of its nomenclature stays behind. */
function coarse(
  name: string,
  code: string | undefined,
  level: 'naf-division' | 'pcs-2',
  versionName: string,
  version: string | undefined,
): object {
  try {
    return code === undefined
      ? {}
      : { [name]: generaliseCode(code, level), ...given({ [versionName]: version }) };
  } catch (error) {
    if (error instanceof TypeError) return {};
    throw error;
  }
}

function table<T>(name: string, rows: readonly T[] | undefined, row: (of: T) => object): object {
  return rows === undefined || rows.length === 0 ? {} : { [name]: rows.map(row) };
}

function given(members: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
