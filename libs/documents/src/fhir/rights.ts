import type { AuditEvent, Basic, CodeableConcept, Consent, FhirResource } from 'fhir-types/r4.js';
import { CONSENTS, word } from '#core/dmst-words';
import { coding, extensions, ownCode, type Scope } from './scope.ts';
import { own } from './systems.ts';

const SCOPE: CodeableConcept = {
  coding: [coding('http://terminology.hl7.org/CodeSystem/consentscope', 'patient-privacy')],
};
const OPPOSITIONS = {
  1: 'Opposition à l’accès de l’équipe du service',
  2: 'Opposition à la transmission à un autre service',
} as const;

/** Items 6 and 7 of R.4624-45-4, the trace of access and the clock of retention. */
export function toRights(scope: Scope): FhirResource[] {
  const { rights, auditTrail = [], closure } = scope.dmst;
  const { informed = [], oppositions = [], consents = [] } = rights ?? {};
  return [
    ...informed.map(({ date, by, noticeVersion }, i) =>
      consent(scope, `rights/informed/${i}`, {
        category: ownCode('dmst-right', 'INFORMATION', 'Information sur les droits'),
        dateTime: date,
        policyRule: 'Code du travail, R.4624-45-4 (6°)',
        organization: by,
        extension: extensions({ noticeVersion }),
      }),
    ),
    ...oppositions.map(({ right, scope: reach, from, withdrawnAt }, i) =>
      consent(scope, `rights/oppositions/${i}`, {
        category: ownCode('dmst-right', `OPPOSITION-${right}`, OPPOSITIONS[right]),
        status: withdrawnAt === undefined ? 'active' : 'inactive',
        dateTime: from,
        policyRule: 'Code du travail, L.4624-8',
        provision: 'deny',
        extension: extensions({ scope: reach, withdrawnAt }),
      }),
    ),
    ...consents.map(({ kind, given, at, evidence }, i) =>
      consent(scope, `rights/consents/${i}`, {
        category: ownCode('dmst-consent', kind, word(CONSENTS, kind)),
        dateTime: at,
        policyRule: 'Code du travail, R.4624-45-4 (7°)',
        provision: given ? 'permit' : 'deny',
        extension: extensions({ evidence }),
      }),
    ),
    ...auditTrail.map(({ at, actor, role, action, spst }, i) =>
      scope.make<AuditEvent>(`auditTrail/${i}`, {
        resourceType: 'AuditEvent',
        type: coding(own('dmst'), 'access', 'Action sur le dossier'),
        recorded: at,
        outcomeDesc: action,
        agent: [{ who: { display: actor }, role: [{ text: role }], requestor: true }],
        source: { observer: { display: spst ?? 'service de prévention et de santé au travail' } },
      }),
    ),
    ...(closure === undefined
      ? []
      : [
          scope.make<Basic>('closure', {
            resourceType: 'Basic',
            extension: extensions({ ...closure }),
            code: ownCode('dmst', 'closure', 'Conservation du dossier'),
            subject: scope.patient,
          }),
        ]),
  ];
}

interface Decision {
  category: CodeableConcept;
  status?: Consent['status'];
  dateTime: string;
  policyRule: string;
  organization?: string;
  provision?: 'permit' | 'deny';
  extension: Consent['extension'];
}

function consent(scope: Scope, path: string, decision: Decision): Consent {
  const { category, status = 'active', dateTime, policyRule, organization, provision, extension } = decision;
  return scope.make<Consent>(path, {
    resourceType: 'Consent',
    extension,
    status,
    scope: SCOPE,
    category: [category],
    patient: scope.patient,
    dateTime,
    organization: organization === undefined ? [] : [{ display: organization }],
    policyRule: { text: policyRule },
    provision: provision === undefined ? undefined : { type: provision },
  });
}
