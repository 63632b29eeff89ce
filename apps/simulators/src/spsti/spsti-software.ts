/** A service's software in small: a partner's software with dossiers, that answers requests for them. */
import {
  type Desk,
  type DeskDelivery,
  type PartnerOptions,
  type PartnerSoftware,
  startPartnerSoftware,
} from '../partner/index.ts';
import { answerTo, type HeldDossier, type RequestedWorker } from './dossiers.ts';

export interface SpstiOptions extends PartnerOptions {
  dossiers: readonly HeldDossier[];
}

export type Spsti = PartnerSoftware;

export function startSpsti({ dossiers, desks, ...options }: SpstiOptions): Promise<Spsti> {
  return startPartnerSoftware({
    ...options,
    desks: {
      'dmst-portability.request': requestDesk(dossiers),
      'dmst-portability.response': async () => ({ outcome: { outcome: 'filed' } }),
      ...desks,
    },
  });
}

/** The message id of the answer is drawn from the request's: a second try is the same message. */
function requestDesk(dossiers: readonly HeldDossier[]): Desk {
  return async (delivery, client) => {
    const { worker } = delivery.json() as { worker: RequestedWorker };
    const reply = answerTo(worker, dossiers);
    const common = addressOf(delivery);
    if (reply.object === 'refusal') {
      await client.send({
        ...common,
        id: `refusal-${delivery.messageId}`,
        type: 'fr.relais-st.dmst-portability.refusal.v1',
        datacontenttype: 'application/json',
        data: JSON.stringify({ code: reply.code }),
      });
      return undefined;
    }
    const { dossier } = reply;
    await client.send({
      ...common,
      id: `response-${delivery.messageId}`,
      type: 'fr.relais-st.dmst-portability.response.v1',
      datacontenttype: dossier.mediaType,
      lastvisit: dossier.lastVisit,
      ...(delivery.subjectref === undefined ? {} : { subjectref: delivery.subjectref }),
      data: dossier.content,
    });
    return undefined;
  };
}

function addressOf({ sender, correlationid }: DeskDelivery) {
  return { recipient: sender, ...(correlationid === undefined ? {} : { correlationid }) };
}
