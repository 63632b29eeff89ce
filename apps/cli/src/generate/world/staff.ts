/** The service that follows everybody in this world, and the people who work there. */
import type { Visit } from '#core/dmst';
import { rpps, siren, siret } from './identifiers.ts';
import { firstNamesOf, PROFESSIONAL_NAMES } from './names.ts';
import { type Random, randomOf } from './random.ts';

export interface Professional {
  role: Visit['professional']['role'];
  name: string;
  RPPS: string;
}

export interface Service {
  siret: string;
  name: string;
  doctors: readonly Professional[];
  nurses: readonly Professional[];
}

const SERVICE_NUMBER = 99_999;

export function serviceOf(seed: number): Service {
  const random = randomOf(seed, 'service');
  return {
    siret: siret(siren(SERVICE_NUMBER), 1),
    name: 'Service de santé au travail de Valfictif',
    doctors: staff(random, 12, 'MT', 0),
    nurses: staff(random, 16, 'IDEST', 100),
  };
}

/** A doctor of elsewhere: the treating doctor, or who followed the worker before. */
export function doctorName(random: Random): string {
  return `Dr ${personName(random, random.pick(['M', 'F']))}`;
}

function staff(random: Random, count: number, role: string, from: number): Professional[] {
  return Array.from({ length: count }, (_, n) => {
    const name = personName(random, random.chance(0.7) ? 'F' : 'M');
    return { role, name: role === 'MT' ? `Dr ${name}` : name, RPPS: rpps(from + n) };
  });
}

function personName(random: Random, sex: 'M' | 'F'): string {
  const [first = '', ...rest] = random.pick(firstNamesOf(sex, random.int(1960, 1995)));
  return `${first}${rest.join('').toLowerCase()} ${random.pick(PROFESSIONAL_NAMES)}`;
}
