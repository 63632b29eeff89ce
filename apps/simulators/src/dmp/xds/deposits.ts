/** One lot as the DMP takes it: metadata, signature, then each CDA by the checks of the desk; kept whole or not at all. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDeposit, type DepositCode } from '../check-deposit.ts';
import { type ReadCda, readCda } from '../read-cda.ts';
import { checkLot, classOf, type LotFault, RPLC, setIdOf, uniqueIdOf } from './check-lot.ts';
import { checkLotSignature } from './check-lot-signature.ts';
import { type LotEntry, type ReadLot, readLot } from './read-lot.ts';
import type { DossierState, Registry } from './registry.ts';
import type { Mtom } from './take-apart.ts';
import { withXml } from './xml.ts';

export interface KeptDeposit {
  setId: string;
  uniqueId: string;
  entryId: string;
  cda: ReadCda;
  /** CDA, then its PDF where it has one */
  files: readonly string[];
}

export interface DepositRule {
  /** CX */
  patient: string;
  state: DossierState;
  seal: { anchors: string; fingerprint: string; now: Date };
}

const SIGNATURE_CLASS = 'urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1';
/** codes that the DMP itself gives are not public: the last two are ours */
const STATES: Readonly<Partial<Record<DossierState, string>>> = {
  absent: 'XDSUnknownPatientId',
  closed: 'urn:relais:dmp:closed',
  opposed: 'urn:relais:dmp:opposition',
};
/** which error a fault of the desk is on this wire; the registry itself knows parents and doubles */
const CONTENT: Readonly<Partial<Record<DepositCode, string>>> = {
  'header-incomplete': 'XDSInvalidDocumentContent',
  'type-unknown': 'XDSRegistryMetadataError',
  'ins-incomplete': 'XDSInvalidDocumentContent',
  'ins-key': 'XDSInvalidDocumentContent',
  'consent-missing': 'XDSInvalidDocumentContent',
  'pdf-not-pdfa1': 'XDSInvalidDocumentContent',
};

interface Clinical {
  entry: LotEntry;
  bytes: Buffer;
  cda: ReadCda;
}

export class Deposits {
  readonly kept: KeptDeposit[] = [];

  constructor(
    private readonly registry: Registry,
    private readonly folder: string,
  ) {}

  /** @returns what is wrong; empty = kept */
  take({ envelope, parts }: Mtom, rule: DepositRule): LotFault[] {
    const refusal = STATES[rule.state];
    if (refusal !== undefined) return [{ errorCode: refusal, context: 'patientId' }];
    const lot = withXml(envelope, readLot);
    if (lot === undefined)
      return [{ errorCode: 'XDSRepositoryMetadataError', context: 'SubmitObjectsRequest' }];
    const faults = checkLot(lot, parts, rule.patient);
    if (faults.length > 0) return faults;
    const signature = this.#checkSignature(lot, parts, rule);
    if (signature !== undefined) return [{ errorCode: 'XDSRepositoryMetadataError', context: signature }];
    const clinical = lot.entries.filter((entry) => classOf(entry) !== SIGNATURE_CLASS);
    const read = clinical.map((entry) => readClinical(entry, parts));
    const wrong = read.flatMap((one) =>
      one === undefined ? ['XDSInvalidDocumentContent'] : this.#check(one, rule),
    );
    if (wrong.length > 0) return wrong.map((errorCode) => ({ errorCode, context: 'ClinicalDocument' }));
    const documents = read.filter((one) => one !== undefined);
    const refused = this.registry.keep(newLot(lot, documents, rule.patient, parts));
    if (refused.length === 0) for (const one of documents) this.#write(lot, one);
    return refused;
  }

  #checkSignature(
    lot: ReadLot,
    parts: ReadonlyMap<string, Buffer>,
    { seal }: DepositRule,
  ): string | undefined {
    const signatures = lot.entries.filter((entry) => classOf(entry) === SIGNATURE_CLASS);
    const [signature] = signatures;
    if (signature === undefined || signatures.length > 1) return 'signature of the lot';
    const documents = lot.entries
      .filter((entry) => entry !== signature)
      .map((entry) => ({ uniqueId: uniqueIdOf(entry), bytes: bytesOf(entry, parts) }));
    return checkLotSignature(
      bytesOf(signature, parts).toString('utf8'),
      { setId: setIdOf(lot.set), documents },
      seal,
    );
  }

  #check({ cda }: Clinical, { patient }: DepositRule): string[] {
    const ins = cda.patient.ids.map(({ root, extension }) => `${extension}^^^&${root}&ISO^NH`);
    const codes = checkDeposit(cda, new Map()).flatMap((code) => CONTENT[code] ?? []);
    return ins.includes(patient) ? codes : [...codes, 'XDSPatientIdDoesNotMatch'];
  }

  #write(lot: ReadLot, { entry, bytes, cda }: Clinical): void {
    const uniqueId = uniqueIdOf(entry);
    const file = join(this.folder, `document-${uniqueId}.xml`);
    writeFileSync(file, bytes, { mode: 0o600 });
    const pdf = file.replace(/\.xml$/, '.pdf');
    if (cda.pdf !== undefined) writeFileSync(pdf, cda.pdf, { mode: 0o600 });
    const files = cda.pdf === undefined ? [file] : [file, pdf];
    this.kept.push({ setId: setIdOf(lot.set), uniqueId, entryId: entry.id, cda, files });
  }
}

function readClinical(entry: LotEntry, parts: ReadonlyMap<string, Buffer>): Clinical | undefined {
  const bytes = bytesOf(entry, parts);
  const cda = readCda(bytes);
  return cda === undefined ? undefined : { entry, bytes, cda };
}

function newLot(
  { set, entries, associations }: ReadLot,
  clinical: readonly Clinical[],
  patient: string,
  parts: ReadonlyMap<string, Buffer>,
) {
  const replaces = associations.find(({ type }) => type === RPLC);
  return {
    setId: setIdOf(set),
    patient,
    documents: entries.map((entry) => {
      const cda = clinical.find((one) => one.entry === entry)?.cda;
      const sha1 = createHash('sha1').update(bytesOf(entry, parts)).digest('hex');
      const names = { setId: cda?.setId ?? '', cdaId: cda?.id ?? '' };
      return { entryId: entry.id, uniqueId: uniqueIdOf(entry), sha1, ...names };
    }),
    ...(replaces === undefined ? {} : { replaces: { by: replaces.source, target: replaces.target } }),
  };
}

/** each was found there by the check before */
function bytesOf({ contentId }: LotEntry, parts: ReadonlyMap<string, Buffer>): Buffer {
  return parts.get(contentId ?? '') ?? Buffer.alloc(0);
}
