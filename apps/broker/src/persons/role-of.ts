/** From an issuer's claims to a role in a service: the only place where a role comes from. */
import type { Directory, PartnerId, Role } from '#core';
import type { IssuerSettings } from './issuer-settings.ts';
import { ownSpaceSituations } from './own-space-situation.ts';
import type { Claims, Situation } from './situation.ts';

/** Sector of activity "service de prévention et de santé au travail" (1.2.250.1.71.4.2.4) */
const SPST_SECTOR = 'SA66';
/** Occupational medicine, specialty and competence (1.2.250.1.213.1.1.4.5) */
const OCCUPATIONAL_MEDICINE = ['SM25', 'C41'];
const PHYSICIAN = '10';
const NURSE = '60';
/** Civil and military; a student ("E") practises under somebody else's name */
const CATEGORIES = ['C', 'M'];
const STAFF_ROLES: readonly Role[] = ['iprp', 'asst', 'secretary', 'vigilance', 'auditor'];

/**
 * Every situation that these claims open, without doubles; empty = none, whoever it is.
 *
 * @param at when they were vouched for
 */
export function situationsOf(
  claims: Claims,
  issuer: IssuerSettings,
  directory: Directory,
  at: Date,
): Situation[] {
  if (issuer.kind === 'psc') return professionalSituations(claims, directory);
  if (issuer.profile !== undefined) return ownSpaceSituations(claims, issuer, directory, at);
  const role = claims['relais_role'];
  if (issuer.kind === 'operator') return role === 'operator' ? [{ role }] : [];
  const given = STAFF_ROLES.find((each) => each === role);
  return given === undefined || issuer.partner === undefined
    ? []
    : [{ role: given, partner: issuer.partner }];
}

/**
 * Profession and expertise, read together with the activities of the same practice: being an occupational
 * physician in one service gives nothing in another.
 */
function professionalSituations(claims: Claims, directory: Directory): Situation[] {
  const [, rpps] = /^8(\d{11})$/.exec(text(claims['SubjectNameID'])) ?? [];
  if (rpps === undefined) return [];
  const situations = new Map<PartnerId, Situation>();
  const reference = record(claims['SubjectRefPro']);
  for (const practice of records(reference['exercices'])) {
    const role = professionalRole(practice);
    if (role === undefined) continue;
    for (const activity of records(practice['activities'])) {
      const partner = serviceOf(activity, directory);
      if (partner === undefined || situations.get(partner)?.role === 'physician') continue;
      situations.set(partner, { role, partner, rpps });
    }
  }
  return [...situations.values()];
}

function professionalRole(practice: Claims): Role | undefined {
  if (!CATEGORIES.includes(text(practice['codeCategorieProfessionnelle']))) return undefined;
  const profession = text(practice['codeProfession']);
  if (profession === NURSE) return 'nurse';
  return profession === PHYSICIAN && OCCUPATIONAL_MEDICINE.includes(text(practice['codeSavoirFaire']))
    ? 'physician'
    : undefined;
}

/** The occupational health service of that site: its SIRET, in the sector of occupational health. */
function serviceOf(activity: Claims, directory: Directory): PartnerId | undefined {
  if (text(activity['codeSecteurDactivite']) !== SPST_SECTOR) return undefined;
  const siret = text(activity['numeroSiretSite']);
  if (siret === '') return undefined;
  const services = directory.all().filter((each) => each.kind === 'spsti' && each.siret === siret);
  return services.length === 1 ? services[0]?.id : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function record(value: unknown): Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : {};
}

function records(value: unknown): Claims[] {
  return Array.isArray(value) ? value.map(record) : [];
}
