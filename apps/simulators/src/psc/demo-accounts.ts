/** The accounts that every demo and test signs in with (interface §1), all fictional. */
import { employerClaims, workerClaims } from './own-space-claims.ts';
import { occupationalPhysician, pscClaims, pscSubject, staffClaims } from './psc-claims.ts';
import type { Account } from './realm.ts';

export const DEMO_ACCOUNTS = [
  'doctor-a',
  'doctor-b',
  'doctor-b2',
  'iprp-b',
  'secretary-b',
  'operator',
  'vigilance-b',
  'vigilance-b2',
  'auditor-b',
  'worker-zoe',
  'worker-other',
  'employer-a',
  'employer-other',
] as const;

export type DemoAccount = (typeof DEMO_ACCOUNTS)[number];

/** A service as its professionals' claims name it. */
export interface DemoService {
  siret: string;
  name: string;
}

/**
 * Accounts by realm: `psc` has the physicians, `spstiB` the staff of service b without RPPS, `operator` who runs Relais,
 * `workers` and `employers` who comes for what is their own.
 *
 * @param password drawn by the caller, one per account
 */
export function demoAccounts(
  password: (account: DemoAccount) => string,
  services: { a: DemoService; b: DemoService },
): {
  psc: Account[];
  spstiB: Account[];
  operator: Account[];
  workers: Account[];
  employers: Account[];
} {
  const physician = (
    name: DemoAccount,
    person: { rpps: string; givenName: string; familyName: string },
    service: DemoService,
  ): Account => ({
    name,
    password: password(name),
    sub: pscSubject(person.rpps),
    claims: pscClaims(occupationalPhysician(person, service)),
  });
  const staff = (name: DemoAccount, givenName: string, familyName: string, role: string): Account => ({
    name,
    password: password(name),
    sub: name,
    claims: staffClaims({ givenName, familyName, role }),
  });
  const own = (name: DemoAccount, claims: Record<string, unknown>): Account => ({
    name,
    password: password(name),
    sub: name,
    claims,
  });
  return {
    psc: [
      physician('doctor-a', { rpps: '99900000012', givenName: 'Ada', familyName: 'EXEMPLE' }, services.a),
      physician('doctor-b', { rpps: '99900000020', givenName: 'Basile', familyName: 'FICTIF' }, services.b),
      physician(
        'doctor-b2',
        { rpps: '99900000038', givenName: 'Béatrice', familyName: 'IMAGINAIRE' },
        services.b,
      ),
    ],
    spstiB: [
      staff('iprp-b', 'Irène', 'MODÈLE', 'iprp'),
      staff('secretary-b', 'Sacha', 'GABARIT', 'secretary'),
      staff('vigilance-b', 'Violette', 'ESSAI', 'vigilance'),
      staff('vigilance-b2', 'Valentin', 'ÉBAUCHE', 'vigilance'),
      staff('auditor-b', 'Alix', 'ÉPREUVE', 'auditor'),
    ],
    operator: [staff('operator', 'Oscar', 'MAQUETTE', 'operator')],
    workers: [
      own(
        'worker-zoe',
        workerClaims({
          familyName: 'ADRUN',
          givenNames: 'ZOE',
          birthDate: '1975-12-31',
          gender: 'female',
          birthPlace: '63220',
        }),
      ),
      own(
        'worker-other',
        workerClaims({
          familyName: 'ADRDEUX',
          givenNames: 'LAURENT',
          birthDate: '1981-01-01',
          gender: 'male',
          birthPlace: '63220',
        }),
      ),
    ],
    employers: [
      own(
        'employer-a',
        employerClaims({ givenName: 'Camille', usualName: 'EXEMPLE', siret: '99000512600018' }),
      ),
      own(
        'employer-other',
        employerClaims({ givenName: 'Dominique', usualName: 'AUTRE', siret: '99000007700018' }),
      ),
    ],
  };
}
