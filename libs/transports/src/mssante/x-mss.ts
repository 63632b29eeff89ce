/** `X-MSS-*` headers (ECO.2.4.1 to .3, ECO.2.2.8). */
import type { ReadCda } from '#core';

/** NIR of test and demonstration: no identity of a person, whatever a document says of them */
const TEST_OIDS = ['1.2.250.1.213.1.4.10', '1.2.250.1.213.1.4.11'];

export interface XMssOrder {
  /** product reference number */
  nil: string;
  documents: readonly ReadCda[];
  production: boolean;
  /** the patient may not answer */
  closes?: boolean;
}

export function xMssHeaders({ nil, documents, production, closes }: XMssOrder): Record<string, string> {
  return {
    'X-MSS-NIL': nil,
    ...(documents.length === 0
      ? {}
      : {
          'X-MSS-CODECDA': documents.map(({ type }) => type.code).join(','),
          'X-MSS-INS': documents.every((one) => bearsIns(one, production)) ? 'O' : 'N',
        }),
    ...(closes === true ? { 'X-MSS-MES': 'FIN' } : {}),
  };
}

/** Matricule with its OID and the four traits; a CDA of ours bears a matricule only of a qualified identity. */
export function bearsIns({ patient }: Pick<ReadCda, 'patient'>, production: boolean): boolean {
  const { ins, birthName, firstName, birthDate, sex } = patient;
  const whole = [birthName, firstName, birthDate, sex].every((trait) => trait !== undefined);
  return ins !== undefined && whole && !(production && TEST_OIDS.includes(ins.oid));
}
