/** What a DMP asks of a document before it keeps it. */
import type { ReadCda } from './read-cda.ts';

export type DepositCode =
  | 'header-incomplete'
  | 'type-unknown'
  | 'ins-incomplete'
  | 'ins-key'
  | 'consent-missing'
  | 'pdf-not-pdfa1'
  | 'parent-unknown'
  | 'duplicate';

/** Children of ClinicalDocument in the order of the XSD; those marked must be there. */
const ORDER: readonly (readonly [name: string, must: boolean])[] = [
  ['realmCode', true],
  ['typeId', true],
  ['templateId', true],
  ['id', true],
  ['code', true],
  ['title', true],
  ['effectiveTime', true],
  ['confidentialityCode', true],
  ['languageCode', true],
  ['setId', true],
  ['versionNumber', true],
  ['recordTarget', true],
  ['author', true],
  ['informant', false],
  ['custodian', true],
  ['informationRecipient', false],
  ['legalAuthenticator', true],
  ['participant', false],
  ['inFulfillmentOf', false],
  ['documentationOf', true],
  ['relatedDocument', false],
  ['authorization', false],
  ['componentOf', true],
  ['component', true],
];
const TEMPLATES = ['2.16.840.1.113883.2.8.2.1', '1.2.250.1.213.1.1.1.1', '1.3.6.1.4.1.19376.1.2.20'];
const TYPES = ['SYNTH', '11369-6', '83869-8', '11488-4'];
const INS = /^1\.2\.250\.1\.213\.1\.4\.(8|9|10|11)$/;

/** @param known documents kept so far, by id: the set that each belongs to */
export function checkDeposit(cda: ReadCda, known: ReadonlyMap<string, string>): DepositCode[] {
  return [
    ...(isOrdered(cda) && isWhole(cda) ? [] : ['header-incomplete' as const]),
    ...(TYPES.includes(cda.type ?? '') ? [] : ['type-unknown' as const]),
    ...checkPatient(cda),
    ...(cda.consent === undefined ? ['consent-missing' as const] : []),
    ...(cda.pdf !== undefined && isPdfA1(cda.pdf) ? [] : ['pdf-not-pdfa1' as const]),
    ...(cda.replaces === undefined || known.get(cda.replaces) === cda.setId
      ? []
      : ['parent-unknown' as const]),
    ...(known.has(cda.id ?? '') ? ['duplicate' as const] : []),
  ];
}

function isOrdered({ outline }: ReadCda): boolean {
  const places = outline.map((name) => ORDER.findIndex(([known]) => known === name));
  const rising = places.every((place, i) => place !== -1 && place >= (places[i - 1] ?? 0));
  return rising && ORDER.every(([name, must]) => !must || outline.includes(name));
}

function isWhole({ templates, id, setId, version, title, author, custodian, replaces }: ReadCda): boolean {
  const named = [id, setId, title, author, custodian].every((one) => one !== undefined && one !== '');
  const first = version === '1' ? replaces === undefined : true;
  return named && first && templates.join() === TEMPLATES.join() && /^[1-9]\d*$/.test(version ?? '');
}

/** A matricule with all its traits, its key right. */
function checkPatient({ patient }: ReadCda): DepositCode[] {
  const { ids, birthName, firstName, allNames, birthTime, birthPlace, gender } = patient;
  const ins = ids.find(({ root }) => INS.test(root));
  const traits = [birthName, firstName, allNames, birthTime, birthPlace, gender];
  if (ins === undefined || traits.some((trait) => trait === undefined || trait === ''))
    return ['ins-incomplete'];
  return hasItsKey(ins.extension) ? [] : ['ins-key'];
}

/** 97 − (13 first characters mod 97), Corsica 2A → 19 and 2B → 18. */
function hasItsKey(matricule: string): boolean {
  if (!/^[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{8}$/.test(matricule)) return false;
  const digits = matricule.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97n - (BigInt(digits) % 97n) === BigInt(matricule.slice(13));
}

/** PDF/A-1b says so in its metadata, which are never compressed, and has nothing of what PDF/A-1 forbids. */
function isPdfA1(pdf: Buffer): boolean {
  const text = pdf.toString('latin1');
  return (
    /^%PDF-1\.[0-4]/.test(text) &&
    /<pdfaid:part>1<\/pdfaid:part>|pdfaid:part="1"/.test(text) &&
    /<pdfaid:conformance>B<\/pdfaid:conformance>|pdfaid:conformance="B"/.test(text) &&
    !/\/(Encrypt|EmbeddedFiles?|JavaScript|Launch)\b/.test(text)
  );
}
