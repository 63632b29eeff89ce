import { Route } from 'wouter';
import type { Area } from '../area.ts';
import { later } from '../later.ts';
import { followsWorkers } from '../session/session.ts';

const NewRequestPage = later(() => import('./new-request-page.tsx'), 'NewRequestPage');
const RequestPage = later(() => import('./request-page.tsx'), 'RequestPage');
const RequestsPage = later(() => import('./requests-page.tsx'), 'RequestsPage');

/** A service asks for a worker's dossier. */
export const doctorArea: Area = {
  serves: followsWorkers,
  places: [
    { href: '/demandes', says: 'Demandes' },
    { href: '/demandes/nouvelle', says: 'Nouvelle demande' },
  ],
  pages: [
    <Route key="requests" path="/demandes" component={RequestsPage} />,
    <Route key="new" path="/demandes/nouvelle" component={NewRequestPage} />,
    <Route key="request" path="/demandes/:id">
      {({ id }) => <RequestPage id={id} />}
    </Route>,
  ],
};
