/** The service médical: reads an extract as strictly as it would, and its adviser answers each proposed measure. */
import { type Desk, strictReader } from '../partner/index.ts';

interface Extract {
  person: { identityStatus: string; ins?: object };
  agreement?: { given?: boolean };
  proposedMeasures: { measure: string; from?: string; to?: string }[];
}

/** Decided by the adviser after seeing the person. */
const TO_BE_SEEN = ['INAPTITUDE', 'CRPE'];

export const extractDesk: Desk = async (delivery, client) => {
  const conforms = await strictReader(client, 'medical-adviser', 'extract');
  const extract = delivery.json() as Extract;
  const page = delivery.parts.find(({ datacontenttype }) => datacontenttype === 'application/pdf');
  const wrong =
    conforms(extract).length > 0 ||
    extract.agreement?.given !== true ||
    // the matricule of an identity that is not qualified is none of ours to file
    (extract.person.ins === undefined) !== (extract.person.identityStatus !== 'QUAL') ||
    page?.content.subarray(0, 5).toString() !== '%PDF-';
  if (wrong) return { outcome: { outcome: 'refused', code: 'extract.unreadable' } };
  const opinions = extract.proposedMeasures.map(({ measure, from, to }) => ({
    measure,
    opinion: TO_BE_SEEN.includes(measure) ? 'A-REVOIR' : 'FAVORABLE',
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }));
  const { sender, correlationid, subjectref, messageId } = delivery;
  await client.send({
    // drawn from the extract's: a second try is the same message
    id: `reply-${messageId}`,
    type: 'fr.relais-st.medical-adviser.reply.v1',
    datacontenttype: 'application/json',
    recipient: sender,
    ...(correlationid === undefined ? {} : { correlationid }),
    ...(subjectref === undefined ? {} : { subjectref }),
    data: JSON.stringify({
      author: { role: 'MEDECIN-CONSEIL', name: 'Dr Côme CONSEIL', rpps: '10000000021' },
      date: new Date().toISOString().slice(0, 10),
      opinions,
      comment: 'Avis rendu sur pièces ; assurée convoquée si la situation change.',
    }),
  });
  return { outcome: { outcome: 'opened' } };
};
