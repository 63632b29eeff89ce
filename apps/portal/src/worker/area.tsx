import { Route } from 'wouter';
import type { Area } from '../area.ts';
import { later } from '../later.ts';

const AccessesPage = later(() => import('./accesses-page.tsx'), 'AccessesPage');
const CopyRequestsPage = later(() => import('./copy-requests-page.tsx'), 'CopyRequestsPage');
const ViewPage = later(() => import('./view-page.tsx'), 'ViewPage');
const ViewsPage = later(() => import('./views-page.tsx'), 'ViewsPage');

/** A worker, and what is their own. */
export const workerArea: Area = {
  serves: (role) => role === 'worker',
  places: [
    { href: '/mon-suivi', says: 'Mon suivi' },
    { href: '/mon-suivi/acces', says: 'Qui a vu mon dossier' },
    { href: '/mon-suivi/copie', says: 'Copie de mon dossier' },
  ],
  pages: [
    <Route key="views" path="/mon-suivi" component={ViewsPage} />,
    <Route key="accesses" path="/mon-suivi/acces" component={AccessesPage} />,
    <Route key="copy" path="/mon-suivi/copie" component={CopyRequestsPage} />,
    <Route key="view" path="/mon-suivi/:id">
      {({ id }) => <ViewPage id={id} />}
    </Route>,
  ],
};
