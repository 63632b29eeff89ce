/** How a document says dates, sex, matricule and audience to a French reader. */

import type { DocumentModel } from '#core';
import { IDENTITY_STATUS_FRENCH } from '#core/identity';

type Identity = DocumentModel['identity'];

const INSTANT = new Intl.DateTimeFormat('fr-FR', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'Europe/Paris',
});

/** `2026-03-12T10:04:00.000Z` → `12 mars 2026 à 11:04` (Paris time) */
export function instant(iso: string): string {
  return INSTANT.format(new Date(iso));
}

/** `1975-12-31` → `31/12/1975`; anything else as it came: a date is never corrected */
export function day(date: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  return match ? `${match[3]}/${match[2]}/${match[1]}` : date;
}

export const SEX = { M: 'Masculin', F: 'Féminin', I: 'Indéterminé' } as const;
export const BORN = { M: 'né', F: 'née', I: 'né(e)' } as const;

/** `2751263220749`, `74` → `2 75 12 63 220 749 74` */
export function matricule(ins: { value: string; key: string }): string {
  const groups = /^(.)(..)(..)(..)(...)(...)$/.exec(ins.value);
  return [...(groups?.slice(1) ?? [ins.value]), ins.key].join(' ');
}

const OID_KINDS: Record<string, string> = {
  '1.2.250.1.213.1.4.8': 'NIR',
  '1.2.250.1.213.1.4.9': 'NIA',
  '1.2.250.1.213.1.4.10': 'NIR de test',
  '1.2.250.1.213.1.4.11': 'NIR de démonstration',
};

/** NIR is told from NIA by the OID only; an OID that we do not know stands for itself */
export function matriculeKind(oid: string): string {
  return OID_KINDS[oid] ?? `OID ${oid}`;
}

/** `Qualifiée`, `Provisoire · douteuse · homonyme` */
export function identityStatus(identity: Identity): string {
  const status = IDENTITY_STATUS_FRENCH[identity.status];
  return [status.charAt(0).toUpperCase() + status.slice(1), ...identity.attributes].join(' · ');
}

/** The matricule may be shown beside a qualified identity only (RNIV, EXI SI 08). */
export function qualifiedIns(identity: Identity): Identity['ins'] {
  return identity.status === 'QUAL' ? identity.ins : undefined;
}

/** What stands where the matricule would, when it may not be shown. */
export function insMissing(identity: Identity): string {
  return identity.status === 'QUAL'
    ? 'Matricule INS non transmis'
    : '⚠ INS non qualifiée : identité à vérifier';
}

export const AUDIENCES = {
  A: {
    short: 'Partie A seulement',
    long: 'PARTIE A SEULEMENT — identité, poste et expositions, sans donnée de santé',
  },
  AH: {
    short: 'Dossier complet',
    long: 'DOSSIER COMPLET — réservé aux professionnels de santé',
  },
  extract: {
    short: 'Extrait',
    long: 'EXTRAIT — limité à ce dont son destinataire a besoin',
  },
} as const;
