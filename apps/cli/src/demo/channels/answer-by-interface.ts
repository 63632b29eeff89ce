/** Service A's software reads a request in its mailbox, and answers by the interface with the DMST that it holds. */
import type { Letter } from '../../../../simulators/src/mssante/index.ts';
import { answerTo, type HeldDossier, type Spsti } from '../../../../simulators/src/spsti/index.ts';

/** @param asker the only service that writes here */
export function answerByInterface(
  software: Pick<Spsti, 'client'>,
  asker: string,
  dossiers: readonly HeldDossier[],
): (letter: Letter) => Promise<void> {
  return async ({ cda, headers }) => {
    const correlationid = headers.get('x-relais-exchange');
    if (cda === undefined || typeof correlationid !== 'string') return;
    const { birthName = '', firstName = '', gender = '', birthTime = '' } = cda.patient;
    const birthDate = birthTime.replace(/^(\d{4})(\d{2})(\d{2}).*$/, '$1-$2-$3');
    const traits = { birthName, firstNames: [firstName], sex: gender, birthDate };
    const answer = answerTo({ traits, identityStatus: '' }, dossiers);
    // a second reading of the same mail is the same message
    const common = { id: `${answer.object}-${correlationid}`, recipient: asker, correlationid };
    const type = `fr.relais-st.dmst-portability.${answer.object}.v1`;
    if (answer.object === 'refusal') {
      const data = JSON.stringify({ code: answer.code });
      await software.client.send({ ...common, type, datacontenttype: 'application/json', data });
      return;
    }
    const { mediaType, lastVisit, content } = answer.dossier;
    await software.client.send({
      ...common,
      type,
      datacontenttype: mediaType,
      lastvisit: lastVisit,
      subjectref: String(headers.get('x-relais-subject-ref')),
      data: content,
    });
  };
}
