import { Route } from 'wouter';
import type { Area } from '../area.ts';
import { DeclarationPage } from './declaration-page.tsx';
import { DeclarationsPage } from './declarations-page.tsx';
import { DeclarePage } from './declare-page.tsx';
import { PublicationPage } from './publication-page.tsx';
import { PublicationsPage } from './publications-page.tsx';

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
