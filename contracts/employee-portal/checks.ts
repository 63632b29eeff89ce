import { createHash } from 'node:crypto';
import { type Acknowledgement, type CheckContext, type Content, type Finding, personFindings } from '#core';
import { REFLECTION_MS } from './legal-clock.ts';
import type { CopyRequest, HeldDocument, WorkerView } from './worker-view.ts';

const DETAILS = {
  'employee-portal.anci-too-early': 'Cette attestation n’existe que depuis le 1er octobre 2025.',
  'employee-portal.authenticated-after': 'La personne a été authentifiée après sa demande.',
  'employee-portal.before-reflection': 'Une copie n’est remise qu’après 48 heures de réflexion.',
  'employee-portal.document-digest': 'Le contenu du document ne correspond pas à son empreinte.',
  'employee-portal.exposure-backwards': 'L’exposition finit avant d’avoir commencé.',
  'employee-portal.id-repeated': 'Repère déjà employé dans cette liste.',
  'employee-portal.period-backwards': 'La période demandée finit avant d’avoir commencé.',
  'employee-portal.refusal-only': 'Une demande de copie reçoit la copie ou un refus, rien d’autre.',
  'employee-portal.request-to-come': 'La demande porte une date à venir.',
} as const;

/** Decree 2025-355 */
const FIRST_ANCI = '2025-10-01';
/** between the clocks of a portal and of Relais */
const CLOCK_MARGIN_MS = 300_000;

export function checkView({ json }: Content, { now }: Pick<CheckContext, 'now'>): Finding[] {
  const { person, documents, convocations, exposures, copyRequest } = json as WorkerView;
  const reflecting =
    copyRequest !== undefined && Date.parse(now) < Date.parse(copyRequest.requestedAt) + REFLECTION_MS;
  return [
    ...personFindings(person, '/person', 'employee-portal'),
    ...(reflecting ? [finding('employee-portal.before-reflection', '/copyRequest/requestedAt')] : []),
    ...documents.flatMap((document, n) => documentFindings(document, `/documents/${n}`)),
    ...repeated(documents, '/documents'),
    ...repeated(convocations, '/convocations'),
    ...exposures.flatMap(({ from, to = from }, n) =>
      to < from ? [finding('employee-portal.exposure-backwards', `/exposures/${n}/to`)] : [],
    ),
  ];
}

export function checkCopyRequest({ json }: Content, { now }: Pick<CheckContext, 'now'>): Finding[] {
  const { person, requestedAt, authentication, concerns } = json as CopyRequest;
  const asked = Date.parse(requestedAt);
  const { from = '', until = from } = concerns ?? {};
  return [
    ...personFindings(person, '/person', 'employee-portal'),
    ...(asked > Date.parse(now) + CLOCK_MARGIN_MS
      ? [finding('employee-portal.request-to-come', '/requestedAt')]
      : []),
    ...(Date.parse(authentication.at) > asked
      ? [finding('employee-portal.authenticated-after', '/authentication/at')]
      : []),
    ...(until < from ? [finding('employee-portal.period-backwards', '/concerns/until')] : []),
  ];
}

export function checkRefusal({ json }: Content): Finding[] {
  const { outcome } = json as Acknowledgement;
  return outcome === 'refused' ? [] : [finding('employee-portal.refusal-only', '/outcome')];
}

function documentFindings({ type, date, sha256, content }: HeldDocument, at: string): Finding[] {
  const digest = createHash('sha256').update(Buffer.from(content, 'base64')).digest('hex');
  return [
    ...(digest === sha256 ? [] : [finding('employee-portal.document-digest', `${at}/sha256`)]),
    ...(type === 'ANCI' && date < FIRST_ANCI
      ? [finding('employee-portal.anci-too-early', `${at}/date`)]
      : []),
  ];
}

function repeated(list: readonly { id: string }[], at: string): Finding[] {
  const seen = new Set<string>();
  return list.flatMap(({ id }, n) => {
    const again = seen.has(id);
    seen.add(id);
    return again ? [finding('employee-portal.id-repeated', `${at}/${n}/id`)] : [];
  });
}

function finding(code: keyof typeof DETAILS, pointer: string): Finding {
  return { pointer, code, detail: DETAILS[code] };
}
