/** The profiles of `dmst-exchange/1`, each one valid by itself. */
import type { Dmst } from '#core/dmst';
import type { FullDmst, Worker } from './world.ts';

/** True when the worker objected to transmission and still does: the service answers R01, the dossier stays. */
export function opposedToTransmission({ dossier }: Worker): boolean {
  return (dossier.rights.oppositions ?? []).some(
    ({ right, withdrawnAt }) => right === 2 && withdrawnAt === undefined,
  );
}

/** Everything, empty lists left out. Valid unless `opposedToTransmission`. */
export function fullDmst({ dossier }: Worker): Dmst {
  const kept = Object.entries(dossier).filter(([, value]) => !Array.isArray(value) || value.length > 0);
  return Object.fromEntries(kept) as unknown as Dmst;
}

/**
 * Identity, present job and follow-up, the last three visits with the employments they belong to, exposures going on,
 * documents still in force, vaccinations.
 * @param today day on which an exposure or a document is in force
 */
export function summaryDmst({ dossier }: Worker, today: string): Dmst {
  const inForce = dossier.outputs.filter(({ validUntil }) => validUntil === undefined || validUntil >= today);
  const needed = new Set(inForce.filter(({ type }) => type === 'INAP').map(({ visitRef }) => visitRef));
  const recent = new Set(dossier.visits.slice(-3).map(({ id }) => id));
  const visits = dossier.visits.filter(({ id }) => recent.has(id) || needed.has(id));
  const told = new Set(visits.map(({ id }) => id));
  const present = dossier.employments.filter(({ to }) => to === undefined || to >= today);
  const visited = new Set([
    ...present.map(({ id }) => id),
    ...visits.map(({ employmentRef }) => employmentRef),
  ]);
  return {
    ...frame(dossier, 'summary'),
    adminHealth: dossier.adminHealth,
    services: dossier.services.filter(({ isCurrent }) => isCurrent),
    employments: dossier.employments.filter(({ id }) => visited.has(id)),
    followUp: dossier.followUp.filter(({ to }) => to === undefined || to >= today),
    exposures: dossier.exposures.filter(({ to }) => to === undefined || to >= today),
    visits,
    outputs: inForce.map(({ visitRef, ...output }) =>
      visitRef !== undefined && told.has(visitRef) ? { ...output, visitRef } : output,
    ),
    vaccinations: dossier.vaccinations,
  };
}

/** Items 1 and 2 of the DMST; of the health status, nothing but what a follow-up reason tells. */
export function exposureOnlyDmst({ dossier }: Worker): Dmst {
  const { treatingDoctor } = dossier.adminHealth;
  return {
    ...frame(dossier, 'exposure-only'),
    ...(treatingDoctor === undefined ? {} : { adminHealth: { treatingDoctor } }),
    services: dossier.services,
    employments: dossier.employments,
    followUp: dossier.followUp,
    exposures: dossier.exposures,
  };
}

/** What the schema asks of every profile. */
function frame({ identity, rights, closure }: FullDmst, profile: Dmst['profile']) {
  return { schemaVersion: 'dmst-exchange/1' as const, profile, identity, rights, closure };
}
