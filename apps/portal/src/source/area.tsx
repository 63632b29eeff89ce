import { Route } from 'wouter';
import type { Area } from '../area.ts';
import { later } from '../later.ts';
import { followsWorkers } from '../session/session.ts';

const IncomingPage = later(() => import('./incoming-page.tsx'), 'IncomingPage');
const IncomingRequestsPage = later(() => import('./incoming-requests-page.tsx'), 'IncomingRequestsPage');

/** A service that holds a worker's dossier is asked for it. */
export const sourceArea: Area = {
  serves: followsWorkers,
  places: [{ href: '/recues', says: 'Demandes reçues' }],
  pages: [
    <Route key="received" path="/recues" component={IncomingRequestsPage} />,
    <Route key="one" path="/recues/:id">
      {({ id }) => <IncomingPage key={id} id={id} />}
    </Route>,
  ],
};
