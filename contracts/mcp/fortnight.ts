/** A fortnight as the code reads it: a mirror of schemas/fortnight.json, which is what decides. */

/** What is left of a person: the same members for everybody, each at one fixed level. */
export interface Profile {
  ageBand: string;
  sex: string;
  region: string;
  nafVersion: string;
  /** division */
  naf: string;
  pcsVersion: string;
  /** two digits */
  pcs: string;
}

export interface Line extends Profile {
  /** a disease related to work was seen */
  mcp: boolean;
}

export interface Report extends Profile {
  /** CIM-10, three characters */
  pathology: string;
  /** TEP */
  agents: string[];
  table?: { regime: string; number: string };
  tableStatus: string;
  nonDeclaration?: string;
}

export interface Fortnight {
  campaign: string;
  /** YYYY-MM-F1 or F2 */
  fortnight: string;
  information: { informedAt: string; recordedBy: string; refusals: number };
  lines: Line[];
  reports: Report[];
}

/** Members of a profile, in the order of the columns. */
export const PROFILE = [
  'ageBand',
  'sex',
  'region',
  'nafVersion',
  'naf',
  'pcsVersion',
  'pcs',
] as const satisfies (keyof Profile)[];

export function classOf(profile: Profile): string {
  return PROFILE.map((member) => profile[member]).join(' ');
}

/** The order that says nothing of who came when: that of the values themselves. */
export function inOwnOrder<T extends Profile>(rows: readonly T[]): T[] {
  return rows
    .map((row) => [orderKey(row), row] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([, row]) => row);
}

export function orderKey(row: Profile): string {
  const { ageBand: _, sex: __, ...others } = row;
  const rest = Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${classOf(row)} ${JSON.stringify(rest)}`;
}
