/**
 * Text of the INS datamatrix (ANS v2.2): a fixed header, then tagged fields. It is not signed: a scan is an
 * import like another, never evidence, hence provisoire until our own call to INSi.
 */
import type { Finding, IdentityVerdict, Ins, Traits } from '#core';
import { accepted, type Checked, refused } from './checked.ts';
import { checkIns, type Environment } from './ins.ts';
import { insForTheWire } from './status.ts';
import { checkTraits } from './traits.ts';

/** What a scan brings: an identity to verify, with collection method CB (FR Core). */
export interface ScannedIdentity {
  status: 'PROV';
  method: 'CB';
  traits: Traits;
  ins: Ins;
}

const HEADER = `IS01${'0'.repeat(22)}`;
/** Closes a field that is shorter than its maximum and not the last. */
const GS = '\u001d';

type Tag = 'S1' | 'S2' | 'S3' | 'S4' | 'S5' | 'S6' | 'S7';

/** Least and most characters; equal = fixed. */
const FIELDS: Readonly<Record<Tag, readonly [number, number]>> = {
  S1: [15, 15],
  S2: [19, 20],
  S3: [1, 100],
  S4: [1, 100],
  S5: [1, 1],
  S6: [10, 10],
  S7: [5, 5],
};

const TAGS = Object.keys(FIELDS) as Tag[];

/** The text to encode, for a qualified identity with its matricule only; its characters are ASCII. */
export function writeDatamatrix(
  identity: Pick<IdentityVerdict, 'status' | 'attributes' | 'ins' | 'inDoubt' | 'traits'>,
  environment: Environment,
  today: Date,
): Checked<string> {
  const wired = insForTheWire(identity);
  if (wired === undefined)
    return refused(finding('not-qualified', 'Le datamatrix INS est réservé à une identité qualifiée.'));
  const ins = checkIns(wired, environment);
  const traits = checkTraits(identity.traits, today);
  if (!ins.ok) return ins;
  if (!traits.ok) return traits;
  const { birthName, firstNames, sex, birthDate, birthPlace } = traits.value.forInsi;
  const values: Record<Tag, string | undefined> = {
    S1: ins.value.value + ins.value.key,
    S2: ins.value.oid,
    S3: firstNames.join(' '),
    S4: birthName,
    S5: sex,
    S6: birthDate.split('-').reverse().join('-'),
    S7: birthPlace,
  };
  const present = TAGS.filter((tag) => values[tag] !== undefined);
  if (present.some((tag) => (values[tag] as string).length > FIELDS[tag][1]))
    return refused(finding('too-long', 'Prénoms trop longs pour le datamatrix INS.'));
  // S6, of fixed length, stands behind every field that may be short: none of those is ever the last.
  const fields = present.map((tag) => {
    const value = values[tag] as string;
    return tag + value + (value.length < FIELDS[tag][1] ? GS : '');
  });
  return accepted(HEADER + fields.join(''));
}

/** The identity that a scan claims. Each fault has its code; an OID that the environment may not hold is one. */
export function readDatamatrix(
  text: string,
  environment: Environment,
  today: Date,
): Checked<ScannedIdentity> {
  const fields = readFields(text);
  if (!fields.ok) return fields;
  const { S1 = '', S2 = '', S3 = '', S4 = '', S5 = '', S6 = '', S7 } = fields.value;
  const date = /^(\d{2})-(\d{2})-(\d{4})$/.exec(S6);
  if (date === null) return refused(finding('date', 'Date de naissance illisible dans le datamatrix INS.'));
  const ins = checkIns({ value: S1.slice(0, 13), key: S1.slice(13), oid: S2 }, environment);
  const traits = checkTraits(
    {
      birthName: S4,
      firstNames: S3.split(' '),
      sex: S5,
      birthDate: `${date[3]}-${date[2]}-${date[1]}`,
      ...(S7 === undefined ? {} : { birthPlace: S7 }),
    },
    today,
  );
  if (!ins.ok || !traits.ok)
    return refused(...(ins.ok ? [] : ins.findings), ...(traits.ok ? [] : traits.findings));
  return accepted({ status: 'PROV', method: 'CB', traits: traits.value.asSent, ins: ins.value });
}

function readFields(text: string): Checked<Partial<Record<Tag, string>>> {
  if (!text.startsWith(HEADER)) return refused(finding('header', 'Ce n’est pas un datamatrix INS.'));
  if ([...text].some((character) => character !== GS && (character < ' ' || character > '~')))
    return refused(finding('character', 'Caractère interdit dans le datamatrix INS.'));
  const fields: Partial<Record<Tag, string>> = {};
  for (let at = HEADER.length; at < text.length; ) {
    const tag = text.slice(at, at + 2);
    if (!isTag(tag)) return refused(finding('tag-unknown', 'Champ inconnu dans le datamatrix INS.'));
    if (fields[tag] !== undefined)
      return refused(finding('tag-twice', 'Champ répété dans le datamatrix INS.'));
    const [least, most] = FIELDS[tag];
    const start = at + 2;
    const room = text.slice(start, start + most);
    const end = least === most ? -1 : room.indexOf(GS);
    const value = end === -1 ? room : room.slice(0, end);
    at = start + value.length + (end === -1 ? 0 : 1);
    if (value.length < least || value.includes(GS) || (end !== -1 && at === text.length))
      return refused(finding('length', 'Champ de longueur anormale dans le datamatrix INS.'));
    fields[tag] = value;
  }
  const missing = TAGS.some((tag) => tag !== 'S7' && fields[tag] === undefined);
  return missing ? refused(finding('tag-missing', 'Champ absent du datamatrix INS.')) : accepted(fields);
}

function isTag(text: string): text is Tag {
  return Object.hasOwn(FIELDS, text);
}

function finding(code: string, detail: string): Finding {
  return { pointer: '', code: `datamatrix.${code}`, detail };
}
