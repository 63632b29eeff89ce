import type { EvidenceCode, NamedPerson } from '#core';
import type { Random, Worker } from './world.ts';

/** A worker as a flow names them: strict traits, the matricule of a qualified identity, now and then what was seen. */
export function personOf(random: Random, { identityStatus, dossier }: Worker): NamedPerson {
  const { ins, birthName, firstNames, sex, birthDate, birthPlace, usedName } = dossier.identity;
  const seen = random.chance(0.7) ? random.pick<EvidenceCode>(['CN', 'PA', 'CS']) : undefined;
  return {
    traits: {
      birthName,
      firstNames,
      sex,
      birthDate,
      ...(birthPlace === undefined ? {} : { birthPlace }),
      ...(usedName === undefined ? {} : { usedName }),
    },
    ...(ins === undefined ? {} : { ins: { value: ins.value, key: ins.key, oid: ins.oid } }),
    identityStatus,
    ...(seen === undefined ? {} : { evidenceSeen: seen }),
  };
}
