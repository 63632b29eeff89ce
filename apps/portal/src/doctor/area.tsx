import { Route } from 'wouter';
import type { Area } from '../area.ts';
import { followsWorkers } from '../session/session.ts';
import { NewRequestPage } from './new-request-page.tsx';
import { RequestPage } from './request-page.tsx';
import { RequestsPage } from './requests-page.tsx';

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
