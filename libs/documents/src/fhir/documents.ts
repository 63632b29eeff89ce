import type {
  Attachment,
  Binary,
  Communication,
  DocumentReference,
  FhirResource,
  Task,
} from 'fhir-types/r4.js';
import type { Output } from '#core/dmst';
import { OUTPUTS } from '#core/dmst-words';
import { compact, extensions, ownCode, type Scope } from './scope.ts';

const STATEMENTS = {
  VPEX: 'État des lieux des expositions (post-exposition)',
  VFIN: 'État des lieux des expositions (fin de carrière)',
} as const;

/** Outputs of the service, statements of exposure, letters, information given, and the files behind them. */
export function toDocuments(scope: Scope): FhirResource[] {
  const { outputs = [], exposureStatements = [], attachments = [] } = scope.dmst;
  return [
    ...attachments.flatMap((attachment): FhirResource[] => {
      const binary = toBinary(scope, attachment.id);
      const file = documentReference(scope, `attachments/${attachment.id}`, {
        type: ownCode('dmst-document', 'PIECE', 'Pièce jointe'),
        date: attachment.date,
        title: attachment.title,
        documentRef: attachment.id,
      });
      return binary === undefined ? [file] : [binary, file];
    }),
    ...outputs.flatMap((output, i) => toOutput(scope, output, `outputs/${i}`)),
    ...exposureStatements.map(({ type, date, text, documentRef }, i) =>
      documentReference(scope, `exposureStatements/${i}`, {
        type: ownCode('dmst-document', type, STATEMENTS[type]),
        date,
        title: STATEMENTS[type],
        description: text,
        documentRef,
      }),
    ),
    ...toCommunications(scope),
  ];
}

function toOutput(scope: Scope, output: Output, path: string): FhirResource[] {
  const { type, date, validUntil, restrictions = [], text, visitRef, documentRef, contested } = output;
  const document = documentReference(scope, path, {
    type: ownCode('sst-output', type, OUTPUTS[type]),
    date,
    title: OUTPUTS[type],
    description: text,
    documentRef,
    visitRef,
    extension: extensions({ validUntil, contested }),
  });
  const asked = restrictions.map(({ code, label }, i) =>
    scope.make<Task>(`${path}/restrictions/${i}`, {
      resourceType: 'Task',
      status: 'requested',
      intent: 'proposal',
      code: compact({ ...ownCode('sst-restriction', code ?? 'AUTRE', label) }),
      description: label,
      focus: scope.to(path),
      for: scope.patient,
      authoredOn: date,
    }),
  );
  return [document, ...asked];
}

interface Described {
  type: DocumentReference['type'];
  date: string;
  title: string;
  description?: string | undefined;
  documentRef?: string | undefined;
  visitRef?: string | undefined;
  extension?: DocumentReference['extension'];
}

function documentReference(scope: Scope, path: string, described: Described): DocumentReference {
  const { type, date, title, description, documentRef, visitRef, extension } = described;
  return scope.make<DocumentReference>(path, {
    resourceType: 'DocumentReference',
    extension,
    status: 'current',
    type,
    subject: scope.patient,
    description,
    content: [{ attachment: file(scope, title, date, documentRef) }],
    context: visitRef === undefined ? undefined : { encounter: [scope.to(`visits/${visitRef}`)] },
  });
}

/** What is known of a file; its bytes are in the Binary of the same bundle, when the dossier holds them. */
function file(scope: Scope, title: string, creation: string, id: string | undefined): Attachment {
  const held = scope.dmst.attachments?.find((attachment) => attachment.id === id);
  return compact<Attachment>({
    contentType: held?.mime,
    language: 'fr-FR',
    url: held?.content === undefined ? undefined : scope.to(`attachments/${held.id}/binary`).reference,
    title: held?.title ?? title,
    creation,
  });
}

function toBinary(scope: Scope, id: string): Binary | undefined {
  const held = scope.dmst.attachments?.find((attachment) => attachment.id === id);
  if (held?.content === undefined) return undefined;
  return scope.make<Binary>(`attachments/${id}/binary`, {
    resourceType: 'Binary',
    contentType: held.mime,
    data: held.content,
  });
}

function toCommunications(scope: Scope): Communication[] {
  const { correspondence = [], informationGiven = [] } = scope.dmst;
  const letters = correspondence.map(({ date, from, to, attachmentRef }, i) =>
    scope.make<Communication>(`correspondence/${i}`, {
      resourceType: 'Communication',
      status: 'completed',
      category: [ownCode('dmst', 'correspondence', 'Courrier entre professionnels de santé')],
      subject: scope.patient,
      sent: date,
      sender: { display: from },
      recipient: [{ display: to }],
      payload:
        attachmentRef === undefined ? [] : [{ contentReference: scope.to(`attachments/${attachmentRef}`) }],
    }),
  );
  const told = informationGiven.map(({ date, topic, support }, i) =>
    scope.make<Communication>(`informationGiven/${i}`, {
      resourceType: 'Communication',
      status: 'completed',
      category: [ownCode('dmst', 'information', 'Information donnée au travailleur')],
      medium: support === undefined ? [] : [{ text: support }],
      subject: scope.patient,
      topic: { text: topic },
      recipient: [scope.patient],
      sent: date,
    }),
  );
  return [...letters, ...told];
}
