import { createHash } from 'node:crypto';
import { type DocumentModel, frenchDate, type HookContext } from '#core';
import type { Dmst } from '#core/dmst';
import { careSections } from './document/care-sections.ts';
import { essentials } from './document/essentials.ts';
import { workSections } from './document/work-sections.ts';

/** What the page needs to know besides the dossier. */
type Origin = Pick<HookContext, 'messageId' | 'sender' | 'receivedAt' | 'digest' | 'verdict' | 'lastVisit'>;

/**
 * DMST → French document. `dmst` is already cut to what the readers may see; `data` is the same as bytes, embedded.
 * Part A shows neither the digest of the whole nor the last visit, which belong to part H.
 */
export function toDocument(
  dmst: Dmst,
  audience: DocumentModel['audience'],
  origin: Origin,
  data: Uint8Array,
): DocumentModel {
  const today = origin.receivedAt.slice(0, 10);
  const identity = identityOf(dmst, origin);
  const whole = audience === 'AH';
  const digest = whole ? origin.digest : `sha-256:${createHash('sha256').update(data).digest('hex')}`;
  return {
    title: whole
      ? 'Synthèse du dossier médical en santé au travail'
      : 'Synthèse du dossier en santé au travail, partie administrative et risques',
    language: 'fr-FR',
    audience,
    date: origin.receivedAt,
    reference: `Message ${origin.messageId} · ${digest}`,
    identity,
    essentials: essentials(dmst, today, identity.status, whole),
    sections: whole ? [...careSections(dmst), ...workSections(dmst, today)] : workSections(dmst, today),
    sources: [source(dmst, origin, whole)],
    readers: whole
      ? 'Professionnels de santé du service destinataire (médecin du travail, collaborateur médecin, interne, infirmier).'
      : 'IPRP, ASST et secrétaires par délégation du médecin du travail, et professionnels de santé du service destinataire.',
    attachment: {
      name: 'dmst.json',
      mediaType: 'application/json',
      description: 'Données structurées du dossier (dmst-exchange/1)',
      content: data,
    },
  };
}

/** The matricule shows only where both the source and our own verification hold it qualified. */
function identityOf({ identity }: Dmst, { verdict }: Origin): DocumentModel['identity'] {
  const { ins, birthName, firstNames, usedName, sex, birthDate, birthPlace } = identity;
  const status = verdict?.status ?? ins?.status ?? 'PROV';
  const qualified = ins !== undefined && ins.status === 'QUAL' && status === 'QUAL';
  return {
    birthName,
    firstNames,
    ...(usedName === undefined ? {} : { usedName }),
    sex,
    birthDate,
    ...(birthPlace === undefined ? {} : { birthPlace }),
    status,
    attributes: verdict?.attributes ?? [],
    ...(qualified ? { ins: { value: ins.value, key: ins.key, oid: ins.oid } } : {}),
  };
}

function source({ closure }: Dmst, { sender, receivedAt, lastVisit }: Origin, whole: boolean): string {
  const sent = `${sender.name}, transmis le ${frenchDate(receivedAt)}`;
  const last = whole ? (closure?.lastVisitAt ?? lastVisit) : undefined;
  return last === undefined ? sent : `${sent}, dernière visite le ${frenchDate(last)}`;
}
