import type { IdentityStatus, Ins } from '#core';
import type { Dmst } from '#core/dmst';
import { addDays, addYears, ageOn } from './calendar.ts';
import { matricule } from './identifiers.ts';
import { FAMILY_NAMES, firstNamesOf, OTHER_FIRST_NAMES } from './names.ts';
import { addressLine, type Place, placeOf } from './places.ts';
import type { Random } from './random.ts';

export interface Person {
  identity: Dmst['identity'];
  identityStatus: IdentityStatus;
  /** the person's, even when the service has not qualified it and `identity.ins` is therefore absent */
  matricule: Ins;
  sex: 'M' | 'F';
  birthDate: string;
  place: Place;
}

/** Age bands of the employed, with their weight. */
const AGES: readonly (readonly [readonly [number, number], number])[] = [
  [[16, 17], 0.7],
  [[18, 24], 9.3],
  [[25, 34], 23],
  [[35, 44], 25],
  [[45, 54], 26],
  [[55, 63], 15],
  [[64, 67], 1],
];

const STATUSES: readonly (readonly [IdentityStatus, number])[] = [
  ['QUAL', 86],
  ['VALI', 6],
  ['RECUP', 3],
  ['PROV', 5],
];

/** @param women probability that the person is a woman */
export function personOf(
  random: Random,
  { serial, women, today }: { serial: number; women: number; today: string },
): Person {
  const sex = random.chance(women) ? 'F' : 'M';
  const age = random.int(...random.weighted(AGES));
  const birthDate = addDays(addYears(today, -age), -random.int(0, 364));
  const { ins, birthPlace } = matricule(serial, sex, birthDate);
  const identityStatus = random.weighted(STATUSES);
  const place = placeOf(random);
  const names = namesOf(random, sex, birthDate, today);
  const phone = random.chance(0.8) ? '06 39 98' : '01 99 00';
  return {
    identity: {
      ...(identityStatus === 'QUAL'
        ? { ins: { ...ins, status: identityStatus, verifiedAt: addDays(today, -random.int(1, 900)) } }
        : {}),
      localId: { system: 'urn:relais:generated:dossier', value: `D-${String(serial).padStart(7, '0')}` },
      ...names,
      sex,
      birthDate,
      birthPlace,
      contact: {
        address: addressLine(place),
        // ranges that the numbering plan keeps for fiction
        phone: `${phone} ${twoDigits(random)} ${twoDigits(random)}`,
        ...(random.chance(0.85) ? { email: emailOf(names, serial) } : {}),
      },
    },
    identityStatus,
    matricule: ins,
    sex,
    birthDate,
    place,
  };
}

function namesOf(random: Random, sex: 'M' | 'F', birthDate: string, today: string) {
  const year = Number(birthDate.slice(0, 4));
  const birthName = random.chance(0.03)
    ? `${random.pick(FAMILY_NAMES)} ${random.pick(FAMILY_NAMES)}`
    : random.pick(FAMILY_NAMES);
  const firstNames = random.some(firstNamesOf(sex, year), random.int(1, 3));
  const marries = ageOn(birthDate, today) > 27 && random.chance(sex === 'F' ? 0.4 : 0.02);
  return {
    birthName,
    firstNames,
    ...(marries ? { usedName: random.pick(FAMILY_NAMES) } : {}),
    ...(random.chance(0.03) ? { usedFirstName: random.pick(OTHER_FIRST_NAMES) } : {}),
  };
}

function emailOf(names: { birthName: string; firstNames: readonly string[] }, serial: number): string {
  const folded = `${names.firstNames[0]}.${names.birthName}`.toLowerCase().replaceAll(/[^a-z.-]/g, '');
  return `${folded}.${serial}@example.org`;
}

function twoDigits(random: Random): string {
  return String(random.int(0, 99)).padStart(2, '0');
}
