import { Route } from 'wouter';
import type { Area } from '../area.ts';
import { AccessesPage } from './accesses-page.tsx';
import { CopyRequestsPage } from './copy-requests-page.tsx';
import { ViewPage } from './view-page.tsx';
import { ViewsPage } from './views-page.tsx';

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
