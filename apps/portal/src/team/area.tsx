import { Route } from 'wouter';
import type { Area } from '../area.ts';
import { later } from '../later.ts';
import { followsWorkers } from '../session/session.ts';

const DelegationsPage = later(() => import('./delegations-page.tsx'), 'DelegationsPage');

/** Who acts for whom in a service. */
export const teamArea: Area = {
  serves: followsWorkers,
  places: [{ href: '/delegations', says: 'Délégations' }],
  pages: [<Route key="delegations" path="/delegations" component={DelegationsPage} />],
};
