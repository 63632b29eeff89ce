/** The administration's tool: what a strict reader would refuse, then what its agents ask before they certify. */
import { parse } from 'csv-parse/sync';
import { type Acknowledgement, type Desk, type DeskDelivery, strictReader } from '../partner/index.ts';

interface Report {
  year: number;
  version: number;
  service: { siret: string };
  members: { establishments: { total: number } };
  actions: { feUnderFourYears: number };
  outputs: Record<string, unknown>;
  quality: { completeness: number };
}

interface Validation {
  year: number;
  version: number;
  hiddenCells: number;
}

export const dgtAnnualDesk: Desk = async (delivery, client) => {
  const report = delivery.json() as Report;
  const validation = JSON.parse(delivery.parts[2]?.content.toString() ?? 'null') as Validation;
  const problems = [
    ...(await strictReader(client, 'dgt-annual', 'published'))(report),
    ...(await strictReader(client, 'dgt-annual', 'validation'))(validation),
  ];
  const readable = problems.length === 0 && agree(delivery, report, validation);
  return { acknowledgement: readable ? examined(report) : refused('', 'content.unreadable') };
};

function examined(report: Report): Acknowledgement {
  const { year, version, service, quality } = report;
  if (report.actions.feUnderFourYears > report.members.establishments.total) {
    return refused('/actions/feUnderFourYears', 'report.to-correct');
  }
  if (quality.completeness < 100) {
    const items = [
      { code: 'report.provisional' },
      { pointer: '/quality/completeness', code: 'report.incomplete' },
    ];
    return { outcome: 'partial', items };
  }
  return {
    outcome: 'accepted',
    reference: `DGT-${year}-${service.siret}-${version}`,
    items: [{ code: 'report.validated' }],
  };
}

function refused(pointer: string, code: string): Acknowledgement {
  return { outcome: 'refused', items: [{ pointer, code }] };
}

/** The three parts tell one report, and no output of visits counts from one to ten people. */
function agree({ parts }: DeskDelivery, report: Report, { year, version, hiddenCells }: Validation): boolean {
  const csv = parts.find(({ datacontenttype }) => datacontenttype === 'text/csv')?.content;
  if (csv === undefined || year !== report.year || version !== report.version) return false;
  const rows = parse<{ section: string; indicator: string; value: string }>(csv, { columns: true });
  const hidden = rows.filter(({ value }) => value === '<11' || value === 'secret');
  const ratios = hidden.filter(({ section, indicator }) =>
    /^(workersPerMtFte|visits\/delegatedShare|offers\/costPerWorker)/.test(`${section}/${indicator}`),
  );
  const small = rows.filter(({ section, value }) => section === 'outputs' && /^([1-9]|10)$/.test(value));
  const told = Object.entries(report.outputs).filter(([, value]) => typeof value !== 'object');
  return (
    small.length === 0 &&
    hidden.length - ratios.length === hiddenCells &&
    told.every(([name, value]) =>
      rows.some((row) => row.section === 'outputs' && row.indicator === name && row.value === String(value)),
    )
  );
}
