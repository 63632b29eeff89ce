/** The portal shows an employer what came, after reading it as strictly as its publisher would. */
import { type Desk, strictReader } from '../partner/index.ts';

/** What no employer may find on the portal, whatever a schema says. */
const NEVER = /pr[eé][\s-]*reprise|VPRE|ANCI|RQTH|GROSSESSE|INVALIDITE|"ins"|matricule/i;

/** Employers who have no account on this portal. */
const WITHOUT_ACCOUNT = new Set(['99000041600018']);

export const employerPortalDesk: Desk = async (delivery, client) => {
  const json = delivery.json();
  const problems = (await strictReader(client, 'employer-portal', 'published'))(json);
  if (problems.length > 0 || NEVER.test(JSON.stringify(json))) {
    return { acknowledgement: { outcome: 'refused', items: [{ code: 'content.unreadable' }] } };
  }
  const { siret, establishment } = json as { siret: string; establishment?: object };
  if (WITHOUT_ACCOUNT.has(siret)) {
    const items = [{ pointer: '/siret', code: 'employer.unknown' }];
    return { acknowledgement: { outcome: 'refused', items } };
  }
  // This employer looks at once. The receipt is the dated proof; the acknowledgement tells the service's software.
  const code = establishment === undefined ? 'document.downloaded' : 'view.updated';
  return {
    outcome: { outcome: 'opened' },
    acknowledgement: { outcome: 'accepted', reference: `PORTAIL-${delivery.messageId}`, items: [{ code }] },
  };
};
