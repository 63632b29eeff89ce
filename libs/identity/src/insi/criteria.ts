import { BrokerError, type Finding, type Ins, type Traits } from '#core';

/** What one traits search asks: RECSANSVITALE. */
export interface TraitsCriteria {
  birthName: string;
  firstNames: readonly string[];
  sex: 'M' | 'F';
  birthDate: string;
  birthPlace?: string;
}

/** What a Vitale card holds of one of its beneficiaries. Dates may be lunar: only their form is checked. */
export interface VitaleCard {
  /** GrandRegime, Organisme and CodeCentre of the card's data */
  scheme: string;
  fund: string;
  centre: string;
  insured: { value: string; key: string };
  beneficiary: {
    birthName: string;
    birthDate: string;
    /** rank among twins, `1` for a single birth */
    birthRank: string;
    /** one digit, as the card gives it */
    holder: string;
    nir?: { value: string; key: string; certifiedOn?: string };
  };
}

const NAME = /^(?=.*[A-Z])[A-Z'][A-Z '-]{0,99}$/;
const BROKEN = /[ '][ ']|---| $/;
const BROKEN_GIVEN_NAME = /[ '][ ']|--|[ '-]$/;
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const ANY_DATE = /^\d{4}-\d{2}-\d{2}$/;
const PLACE = /^(\d{5}|2[AB]\d{3})$/;
const MATRICULE = /^\d{6}[AB0-9]\d{6}$/;
const KEY = /^\d{2}$/;
const OID = /^\d+(\.\d+){3,20}$/;
const CARD_CODE = /^[0-9A-Z]{1,9}$/;

const FRENCH = {
  name: 'Seuls A à Z, espace, apostrophe et tiret sont admis, sans doublon ni séparateur au bord.',
  firstNames: 'Un à vingt prénoms sont attendus.',
  sex: 'Le téléservice INSi ne connaît que M et F.',
  date: 'Une date AAAA-MM-JJ est attendue.',
  place: 'Un code officiel géographique de cinq caractères est attendu.',
  ins: 'Le matricule, sa clé ou son OID n’a pas la forme attendue.',
  card: 'Une donnée de la carte Vitale n’a pas la forme attendue.',
} as const;

/** The lexical rules of the service (SEL-MP-043 §3.4.1); never corrects, never repeats a value. */
export function traitsFindings(traits: Traits): Finding[] {
  const findings: Finding[] = [];
  const expect = (ok: boolean, pointer: string, rule: keyof typeof FRENCH): void => {
    if (!ok) findings.push({ pointer, code: `insi.${rule}`, detail: FRENCH[rule] });
  };
  expect(isFamilyName(traits.birthName), '/birthName', 'name');
  expect(traits.firstNames.length >= 1 && traits.firstNames.length <= 20, '/firstNames', 'firstNames');
  for (const [index, name] of traits.firstNames.slice(0, 20).entries()) {
    expect(NAME.test(name) && !BROKEN_GIVEN_NAME.test(name), `/firstNames/${index}`, 'name');
  }
  expect(traits.sex === 'M' || traits.sex === 'F', '/sex', 'sex');
  expect(DATE.test(traits.birthDate), '/birthDate', 'date');
  expect(traits.birthPlace === undefined || PLACE.test(traits.birthPlace), '/birthPlace', 'place');
  return findings;
}

export function insFindings(ins: Ins): Finding[] {
  if (MATRICULE.test(ins.value) && KEY.test(ins.key) && OID.test(ins.oid)) return [];
  return [{ pointer: '', code: 'insi.ins', detail: FRENCH.ins }];
}

export function cardFindings({ scheme, fund, centre, insured, beneficiary }: VitaleCard): Finding[] {
  const { nir } = beneficiary;
  const matricules = nir === undefined ? [insured] : [insured, nir];
  const good =
    [scheme, fund, centre].every((code) => CARD_CODE.test(code)) &&
    matricules.every(({ value, key }) => MATRICULE.test(value) && KEY.test(key)) &&
    isFamilyName(beneficiary.birthName) &&
    ANY_DATE.test(beneficiary.birthDate) &&
    /^\d$/.test(beneficiary.birthRank) &&
    /^\d$/.test(beneficiary.holder) &&
    (nir?.certifiedOn === undefined || DATE.test(nir.certifiedOn));
  return good ? [] : [{ pointer: '', code: 'insi.card', detail: FRENCH.card }];
}

function isFamilyName(name: string): boolean {
  return NAME.test(name) && !BROKEN.test(name);
}

/** @throws BrokerError `identity.invalid` (reject) when a trait is not of the form that the service takes */
export function searchable(traits: Traits): TraitsCriteria {
  refuse(traitsFindings(traits));
  const { birthName, firstNames, sex, birthDate, birthPlace } = traits;
  return {
    birthName,
    firstNames,
    sex: sex as TraitsCriteria['sex'],
    birthDate,
    ...(birthPlace === undefined ? {} : { birthPlace }),
  };
}

/** @throws BrokerError `identity.invalid` (reject) when there is any finding */
export function refuse(findings: readonly Finding[]): void {
  if (findings.length > 0) throw new BrokerError('identity.invalid', { findings });
}
