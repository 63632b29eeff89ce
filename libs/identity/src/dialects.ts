/**
 * Identity status in a partner's dialect. FR Core's final codes are the four RNIV statuses. Table 0445 (HL7 v2
 * PID-32, CDA, FR Core ballot) knows no QUAL: there `VALI` beside an INS means qualified, and VALI without INS
 * is a fault. The dialect is a setting of the partner; a code is translated, never copied.
 */
import type { Finding, IdentityAttribute, IdentityStatus, IdentityVerdict, Ins } from '#core';
import { accepted, type Checked, refused } from './checked.ts';
import { checkIns, type Environment } from './ins.ts';
import { attributeFindings, insForTheWire } from './status.ts';

export type Dialect = 'fr-core' | 'hl7-0445';

/** A status that somebody else claims: never our own validation (RNIV: each structure verifies for itself). */
export interface ClaimedIdentity {
  status: IdentityStatus;
  attributes: readonly IdentityAttribute[];
  ins?: Ins;
}

export interface WrittenStatus {
  codes: readonly string[];
  /** only beside a qualified status */
  ins?: Ins;
  /** what the dialect cannot say; a status it cannot say is written lower, never higher */
  notCarried: readonly ('status' | IdentityAttribute)[];
}

const WRITTEN: Readonly<
  Record<
    Dialect,
    {
      status: Partial<Record<IdentityStatus, string>>;
      attribute: Partial<Record<IdentityAttribute, string>>;
    }
  >
> = {
  'fr-core': { status: { PROV: 'PROV', RECUP: 'RECUP', VALI: 'VALI', QUAL: 'QUAL' }, attribute: {} },
  'hl7-0445': {
    status: { PROV: 'PROV', QUAL: 'VALI' },
    attribute: { homonyme: 'HOMA', douteuse: 'DOUT', fictive: 'FICT' },
  },
};

type Meaning = { status: IdentityStatus } | { attribute: IdentityAttribute };

const READ: Readonly<Record<Dialect, Readonly<Record<string, Meaning | 'not-a-status'>>>> = {
  'fr-core': {
    PROV: { status: 'PROV' },
    RECUP: { status: 'RECUP' },
    VALI: { status: 'VALI' },
    QUAL: { status: 'QUAL' },
  },
  'hl7-0445': {
    VIDE: { status: 'PROV' },
    PROV: { status: 'PROV' },
    VALI: { status: 'QUAL' },
    HOMD: { attribute: 'homonyme' },
    HOMA: { attribute: 'homonyme' },
    DOUT: { attribute: 'douteuse' },
    FICT: { attribute: 'fictive' },
    // states of a record (duplicate, hidden, invalidated…), which say nothing of the confidence in an identity
    ...Object.fromEntries(
      'DOUB DESA DPOT DOUA COLP COLV FILI CACH ANOM IDVER RECD IDRA USUR INVA'
        .split(' ')
        .map((code) => [code, 'not-a-status' as const]),
    ),
  },
};

/** Our verdict in the partner's codes, with the matricule for a qualified identity only. */
export function writeStatus(
  verdict: Pick<IdentityVerdict, 'status' | 'attributes' | 'ins' | 'inDoubt'>,
  dialect: Dialect,
): WrittenStatus {
  const ins = insForTheWire(verdict);
  const table = WRITTEN[dialect];
  const sayable = verdict.status !== 'QUAL' || ins !== undefined;
  const status = sayable ? table.status[verdict.status] : undefined;
  const attributes = verdict.attributes.map((attribute) => [attribute, table.attribute[attribute]] as const);
  return {
    codes: [status ?? 'PROV', ...attributes.flatMap(([, code]) => code ?? [])],
    notCarried: [
      ...(status === undefined ? (['status'] as const) : []),
      ...attributes.flatMap(([attribute, code]) => (code === undefined ? attribute : [])),
    ],
    ...(ins === undefined ? {} : { ins }),
  };
}

/** What a partner claims. Unknown codes, contradictions and a matricule beside a lesser status are refused. */
export function readStatus(
  codes: readonly string[],
  ins: unknown,
  dialect: Dialect,
  environment: Environment,
): Checked<ClaimedIdentity> {
  const meanings = codes.map((code) =>
    Object.hasOwn(READ[dialect], code) ? READ[dialect][code] : undefined,
  );
  if (meanings.includes(undefined))
    return refused(finding('code-unknown', 'Code de statut d’identité inconnu.'));
  if (meanings.includes('not-a-status'))
    return refused(finding('code-not-a-status', 'Ce code ne dit pas la confiance dans l’identité.'));
  const known = meanings.filter((meaning) => typeof meaning === 'object');
  const attributes = [...new Set(known.flatMap((one) => ('attribute' in one ? one.attribute : [])))];
  const excluded = attributeFindings(attributes);
  if (excluded.length > 0) return refused(...excluded);
  const barred = attributes.includes('douteuse') || attributes.includes('fictive');
  const statuses = [...new Set(known.flatMap((one) => ('status' in one ? one.status : [])))];
  if (statuses.length > 1) return refused(finding('status-twice', 'Deux statuts d’identité à la fois.'));
  const status = statuses[0] ?? (barred ? 'PROV' : undefined);
  if (status === undefined) return refused(finding('status-missing', 'Statut d’identité absent.'));
  if (barred && status !== 'PROV')
    return refused(finding('status-contradicted', 'Une identité douteuse ou fictive est provisoire.'));
  if (ins === undefined)
    return status === 'QUAL' && dialect === 'hl7-0445'
      ? refused(finding('ins-missing', 'VALI exige un matricule INS dans cette nomenclature.'))
      : accepted({ status, attributes });
  if (status !== 'QUAL')
    return refused(finding('ins-forbidden', 'Seule une identité qualifiée porte le matricule INS.'));
  const checked = checkIns(ins, environment);
  return checked.ok ? accepted({ status, attributes, ins: checked.value }) : checked;
}

function finding(code: string, detail: string): Finding {
  return { pointer: '', code: `dialect.${code}`, detail };
}
