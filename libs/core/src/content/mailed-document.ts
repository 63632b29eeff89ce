/** A page that goes by secure health mail: a CDA around a PDF/A-1 where its header can be filled, else the page alone. */
import { createHash } from 'node:crypto';
import { CDA_CODES } from '../cda-codes.ts';
import type { CdaCode, CdaDocument } from '../cda-document.ts';
import type { HookContext, Part } from '../contract.ts';
import type { DocumentModel } from '../document.ts';
import type { Ins, Traits } from '../identity.ts';
import type { Audience } from '../partner.ts';

export interface MailedDocument {
  audience: Audience;
  document: DocumentModel;
  /** JDV_J07 */
  type: CdaCode;
  person: Traits;
  /** of an identity that Relais holds qualified, and of no other */
  ins: Ins | undefined;
  /** as the service knows the person; default: the message itself, where they are the one patient */
  localId?: { system: string; value: string };
  author: { name: string; rpps?: string; profession: CdaCode };
  organization: { name: string; siret?: string };
  /** YYYY-MM-DD */
  act: string;
}

/**
 * CI-SIS wants a health professional by RPPS and a structure by SIRET; without them there is no CDA to be made, and the
 * mail says so by what it lacks (no archive, no X-MSS-CODECDA).
 */
export function mailedPart(mailed: MailedDocument, { messageId, receivedAt, tools }: HookContext): Part {
  // PDF/A-1 holds no other file
  const { attachment: _, ...document } = mailed.document;
  const part = { audience: mailed.audience, only: ['mssante'], document, profile: 'pdfa-1b' } as const;
  const header = headerOf(mailed, messageId, receivedAt);
  return header === undefined
    ? { ...part, mediaType: 'application/pdf' }
    : { ...part, mediaType: 'application/xml', wrap: (pdf) => tools.cda(header, pdf) };
}

function headerOf(
  { type, document, person, ins, localId, author, organization, act }: MailedDocument,
  messageId: string,
  at: string,
): CdaDocument | undefined {
  const name = professionalName(author.name);
  const { rpps = '' } = author;
  if (name === undefined || !/^\d{11}$/.test(rpps) || organization.siret === undefined) return undefined;
  return {
    id: messageId,
    setId: messageId,
    version: 1,
    type,
    title: document.title,
    at,
    confidentiality: 'N',
    patient: {
      ...person,
      // a matricule without a birth place is not whole (CI-SIS)
      ...(ins === undefined || person.birthPlace === undefined ? {} : { ins }),
      localIds: [
        localId === undefined
          ? { root: oidOf(messageId), extension: '1' }
          : { root: oidOf(localId.system), extension: localId.value },
      ],
    },
    author: { rpps, ...name, profession: author.profession },
    organization: { name: organization.name, siret: organization.siret },
    act: { from: act },
    sector: CDA_CODES.sectors.SA66,
    practiceSetting: CDA_CODES.practiceSettings.ambulatory,
  };
}

/** « Dr Anne PATRON » → PATRON, Anne: capitals are the family name; without capitals the last word is. */
export function professionalName(name: string): { family: string; given: string } | undefined {
  const words = name.replace(/^(dr|docteur|pr|professeur|mme|m\.)\s+/iu, '').split(/\s+/);
  const capitals = words.filter((word) => word.length > 1 && word === word.toUpperCase());
  const family = capitals.length > 0 && capitals.length < words.length ? capitals : words.slice(-1);
  const given = words.filter((word) => !family.includes(word));
  return given.length === 0 || family.length === 0
    ? undefined
    : { family: family.join(' '), given: given.join(' ') };
}

/** An OID under 2.25, where any UUID is one: the same for the same name. */
function oidOf(name: string): string {
  return `2.25.${BigInt(`0x${createHash('sha256').update(name).digest('hex').slice(0, 32)}`)}`;
}
