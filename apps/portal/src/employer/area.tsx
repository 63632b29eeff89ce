import { Route } from 'wouter';
import type { Area } from '../area.ts';
import { later } from '../later.ts';

const DeclarationPage = later(() => import('./declaration-page.tsx'), 'DeclarationPage');
const DeclarationsPage = later(() => import('./declarations-page.tsx'), 'DeclarationsPage');
const DeclarePage = later(() => import('./declare-page.tsx'), 'DeclarePage');
const PublicationPage = later(() => import('./publication-page.tsx'), 'PublicationPage');
const PublicationsPage = later(() => import('./publications-page.tsx'), 'PublicationsPage');

/** An employer, for one establishment: what is addressed to it, and what it declares. */
export const employerArea: Area = {
  serves: (role) => role === 'employer',
  places: [
    { href: '/employeur', says: 'Documents reçus' },
    { href: '/employeur/declarations', says: 'Déclarations' },
  ],
  pages: [
    <Route key="publications" path="/employeur" component={PublicationsPage} />,
    <Route key="declarations" path="/employeur/declarations" component={DeclarationsPage} />,
    <Route key="declare" path="/employeur/declarations/nouvelle" component={DeclarePage} />,
    <Route key="declaration" path="/employeur/declarations/:id">
      {({ id }) => <DeclarationPage id={id} />}
    </Route>,
    <Route key="publication" path="/employeur/:id">
      {({ id }) => <PublicationPage id={id} />}
    </Route>,
  ],
};
