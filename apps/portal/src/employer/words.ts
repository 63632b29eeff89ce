import type { DeclarationCheck, Worker } from '../api/schemas.ts';

/** Of reinforced follow-up (R.4624-23). */
export const SIR_TRIGGERS: Readonly<Record<string, string>> = {
  AMIANTE: 'amiante',
  PLOMB: 'plomb',
  CMR: 'agents CMR',
  BIO34: 'agents biologiques des groupes 3 et 4',
  RAYONNEMENTS: 'rayonnements ionisants',
  HYPERBARE: 'risque hyperbare',
  ECHAFAUDAGE: 'montage d’échafaudages',
  APTITUDE: 'poste à examen d’aptitude',
  EMPLOYEUR: 'poste que vous avez ajouté',
};

/** As the person is called, the birth name first. */
export function nameOf({
  birthName,
  usedName,
  firstNames,
}: Pick<Worker, 'birthName' | 'usedName' | 'firstNames'>) {
  return [birthName, ...(usedName === undefined ? [] : [`(${usedName})`]), ...firstNames].join(' ');
}

/** What keeps a checked declaration from leaving, in sentences; none when nothing does. @param wrong lines with findings */
export function faultsOf(wrong: number, { lines, others }: DeclarationCheck): string[] {
  const toMend =
    wrong === 0
      ? []
      : [
          `${wrong} ${wrong > 1 ? 'lignes sont' : 'ligne est'} à corriger sur ${lines.length}.`,
          'Corrigez le fichier et choisissez-le de nouveau.',
        ];
  return [...toMend, ...others.map(({ detail }) => detail)];
}
