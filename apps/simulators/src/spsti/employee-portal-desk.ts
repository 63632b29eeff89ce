/** A service's software is asked for a copy of a file by its worker: the view, or a refusal. */
import { createHash } from 'node:crypto';
import { PDFDocument, StandardFonts } from '@cantoo/pdf-lib';
import { type Desk, strictReader } from '../partner/index.ts';
import { followed, type NamedPerson } from './register.ts';

interface CopyRequest {
  person: NamedPerson & { identityStatus: string; evidenceSeen?: string };
  requestedAt: string;
}

const SERVICE = { siret: '99000000100017', name: 'SPSTI A (fictif)', doctor: 'Dr Anne PATRON' };
const REFLECTION_MS = 48 * 3_600_000;

export const copyRequestDesk: Desk = async (delivery, client) => {
  const conforms = await strictReader(client, 'employee-portal', 'copy-request');
  const request = delivery.json() as CopyRequest;
  if (conforms(request).length > 0) return { outcome: { outcome: 'refused', code: 'request.unreadable' } };
  if (followed(request.person) === undefined) {
    return {
      outcome: { outcome: 'received' },
      acknowledgement: { outcome: 'refused', items: [{ pointer: '/person', code: 'no-file' }] },
    };
  }
  // the person may still change their mind: somebody of the service answers later
  if (Date.now() < Date.parse(request.requestedAt) + REFLECTION_MS) return { outcome: { outcome: 'opened' } };
  const { sender, correlationid, subjectref, messageId } = delivery;
  await client.send({
    // drawn from the request's, and so is every date: a second try is the same message
    id: `copy-${messageId}`,
    type: 'fr.relais-st.employee-portal.worker-view.v1',
    datacontenttype: 'application/json',
    recipient: sender,
    ...(correlationid === undefined ? {} : { correlationid }),
    ...(subjectref === undefined ? {} : { subjectref }),
    data: JSON.stringify(await copyFor(request)),
  });
  return { outcome: { outcome: 'opened' } };
};

async function copyFor({ person, requestedAt }: CopyRequest): Promise<object> {
  const certificate = await pageSaying('Attestation de suivi (exemple fictif)', new Date(requestedAt));
  return {
    schemaVersion: 'worker-view/1',
    // the service saw her identity card when it opened the file
    person: { ...person, evidenceSeen: 'CN' },
    service: SERVICE,
    copyRequest: { requestedAt },
    followUp: { category: 'SIR', nextVisitDue: '2027-05-11' },
    convocations: [
      {
        id: 'C1',
        visit: 'EMAP',
        label: 'Examen d’aptitude périodique',
        at: '2026-05-11T14:00:00+02:00',
        status: 'TENUE',
      },
    ],
    documents: [
      {
        id: 'D1',
        type: 'ATTS',
        date: '2026-05-11',
        title: 'Attestation de suivi',
        mime: 'application/pdf',
        sha256: createHash('sha256').update(certificate).digest('hex'),
        content: Buffer.from(certificate).toString('base64'),
      },
    ],
    exposures: [{ label: 'Fumées de soudage', from: '2019-03-01', intensityClass: 2 }],
    vaccinations: [{ vaccine: 'Diphtérie-tétanos-polio', date: '2020-10-02', nextDue: '2040-10-02' }],
    accessLog: [
      { at: '2026-05-11T12:04:10Z', role: 'MT', action: 'ECRITURE', service: SERVICE.name },
      { at: requestedAt, role: 'PERSONNE', action: 'COPIE' },
    ],
    thirdPartyInfo: [{ about: 'collègue', text: 'Conflit évoqué par un collègue lors de sa propre visite.' }],
  };
}

async function pageSaying(text: string, at: Date): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  document.setCreationDate(at);
  document.setModificationDate(at);
  const font = await document.embedFont(StandardFonts.Helvetica);
  document.addPage([420, 200]).drawText(text, { x: 40, y: 100, size: 14, font });
  return document.save();
}
