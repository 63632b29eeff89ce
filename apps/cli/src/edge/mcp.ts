import { ageBand, ageOn, type CodeLevel, generaliseCode, generaliseDate } from '#confidentiality';
import {
  type Fortnight,
  inOwnOrder,
  type Line,
  type Profile,
  type Report,
} from '../../../../contracts/mcp/fortnight.ts';
import { type EdgeInput, employmentOn, firstOfMonth } from './edge-input.ts';

/**
 * `{ campaign, informedAt, recordedBy, workers: [{ dmst, answers: { seenOn, region, refused?, report? } }] }` → a
 * fortnight of contracts/mcp.
 *
 * Guarantee: every line has the same seven members at the same level (ten-year age band, sex, region, NAF division, PCS
 * at two digits), ill or not; no member comes from the words of a dossier; the order of lines depends on their values
 * only. Not guaranteed: k, which only the lines of all services can tell.
 */
export function mcpFortnight(input: EdgeInput): Fortnight {
  const workers = input.items('/workers');
  const willing = workers.filter((worker) => worker.optional('/answers/refused') !== true);
  const seen = willing.map((worker) => seenAs(worker));
  const fortnight = seen[0]?.fortnight ?? generaliseDate(input.day('/informedAt'), 'fortnight');
  const other = seen.findIndex((one) => one.fortnight !== fortnight);
  if (other !== -1) willing[other]?.refuse('/answers/seenOn', 'edge.other-fortnight');
  return {
    campaign: input.text('/campaign'),
    fortnight,
    information: {
      informedAt: firstOfMonth(input.day('/informedAt')),
      recordedBy: input.text('/recordedBy'),
      refusals: workers.length - willing.length,
    },
    lines: inOwnOrder(seen.map(({ profile, report }): Line => ({ ...profile, mcp: report !== undefined }))),
    reports: inOwnOrder(seen.flatMap(({ report }) => report ?? [])),
  };
}

function seenAs(worker: EdgeInput): { fortnight: string; profile: Profile; report: Report | undefined } {
  const dossier = worker.dossier();
  const seenOn = worker.day('/answers/seenOn');
  const job = employmentOn(worker, dossier, seenOn);
  const coarse = (code: string, level: CodeLevel): string => {
    try {
      return generaliseCode(code, level);
    } catch {
      return worker.refuse('/dmst/employments', 'edge.code-unknown');
    }
  };
  const profile: Profile = {
    ageBand: ageBand(ageOn(dossier.identity.birthDate, seenOn), { width: 10, from: 25, to: 55 }),
    sex: dossier.identity.sex,
    region: worker.text('/answers/region'),
    nafVersion: job.nafVersion,
    naf: coarse(job.nafCode, 'naf-division'),
    pcsVersion: job.pcsVersion,
    pcs: coarse(job.pcsCode, 'pcs-2'),
  };
  return { fortnight: generaliseDate(seenOn, 'fortnight'), profile, report: reportOf(worker, profile) };
}

function reportOf(worker: EdgeInput, profile: Profile): Report | undefined {
  if (worker.optional('/answers/report') === undefined) return undefined;
  const answer = (name: string) => worker.optional(`/answers/report/${name}`);
  const { table, nonDeclaration } = { table: answer('table'), nonDeclaration: answer('nonDeclaration') };
  return {
    ...profile,
    pathology: worker.text('/answers/report/pathology').slice(0, 3),
    agents: (answer('agents') ?? []) as string[],
    ...(table === undefined ? {} : { table: table as NonNullable<Report['table']> }),
    tableStatus: worker.text('/answers/report/tableStatus'),
    ...(nonDeclaration === undefined ? {} : { nonDeclaration: String(nonDeclaration) }),
  };
}
