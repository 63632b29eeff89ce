import type { XmlElement } from 'libxml2-wasm';
import { BrokerError, type Ins, type ReadPatient } from '#core';
import type { CdaId } from '#core/cda-document';
import { allAt, attributeOf, childrenOf, onlyAt, textIn } from '../xml/read-xml.ts';
import { idsOf } from './read-parts.ts';

/** INS-NIR, INS-NIA and their two test branches; another OID is no matricule */
const INS_ROOTS = new Set(['8', '9', '10', '11'].map((branch) => `1.2.250.1.213.1.4.${branch}`));
const MATRICULE = /^[0-9]{6}[0-9AB][0-9]{8}$/;
const SEXES: Readonly<Record<string, 'M' | 'F'>> = { M: 'M', F: 'F' };

/** @throws BrokerError `content.invalid` when there is not one patient, or two matricules that differ */
export function readPatient(root: XmlElement): ReadPatient {
  const role = onlyAt(root, 'recordTarget', 'patientRole');
  if (role === undefined)
    throw new BrokerError('content.invalid', { detail: 'Le document CDA n’a pas de patient.' });
  const patient = onlyAt(role, 'patient');
  const ids = idsOf(role);
  return {
    ids,
    ...present({ ins: insOf(ids) }),
    ...(patient === undefined ? {} : traitsOf(patient)),
  };
}

/** The matricule that these identifiers tell, if they tell one. */
export function insOf(ids: readonly CdaId[]): Ins | undefined {
  const found = ids.filter(({ root, extension = '' }) => INS_ROOTS.has(root) && MATRICULE.test(extension));
  const [first] = found;
  if (first?.extension === undefined) return undefined;
  if (found.some(({ root, extension }) => root !== first.root || extension !== first.extension))
    throw new BrokerError('content.invalid', { detail: 'Le document porte deux matricules INS.' });
  return { value: first.extension.slice(0, 13), key: first.extension.slice(13), oid: first.root };
}

export function isIns({ root }: CdaId): boolean {
  return INS_ROOTS.has(root);
}

function traitsOf(patient: XmlElement): Partial<ReadPatient> {
  const names = allAt(patient, 'name');
  const families = names.flatMap((name) => childrenOf(name, 'family'));
  const givens = names.flatMap((name) => childrenOf(name, 'given'));
  const birth = attributeOf(onlyAt(patient, 'birthTime'), 'value');
  const sex = attributeOf(onlyAt(patient, 'administrativeGenderCode'), 'code');
  return present({
    birthName: qualified(families, 'BR'),
    firstName: qualified(givens, 'BR'),
    firstNames: qualified(givens, undefined),
    usedName: qualified(families, 'CL'),
    birthDate: dayOf(birth),
    sex: sex === undefined ? undefined : (SEXES[sex] ?? ('I' as const)),
    birthPlace: textIn(onlyAt(patient, 'birthplace', 'place', 'addr', 'county')),
  });
}

/** Names of that qualifier, in one text. */
function qualified(elements: readonly XmlElement[], qualifier: string | undefined): string | undefined {
  const texts = elements
    .filter((one) => attributeOf(one, 'qualifier') === qualifier)
    .flatMap((one) => textIn(one) ?? []);
  return texts.length === 0 ? undefined : texts.join(' ');
}

/** YYYY-MM-DD of an HL7 TS; undefined when it says no whole day. */
export function dayOf(ts: string | undefined): string | undefined {
  const parts = /^(\d{4})(\d{2})(\d{2})/.exec(ts ?? '');
  return parts === null ? undefined : parts.slice(1).join('-');
}

function present<T extends object>(members: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}
