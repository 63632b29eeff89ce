import { Route } from 'wouter';
import type { Area } from '../area.ts';
import { later } from '../later.ts';

const AccessesPage = later(() => import('./accesses-page.tsx'), 'AccessesPage');
const JournalPage = later(() => import('./journal/journal-page.tsx'), 'JournalPage');
const RetentionPage = later(() => import('./retention-page.tsx'), 'RetentionPage');

/** Auditors and delegates to data protection: their own service's register, what is kept of it, and the journal. */
export const registerArea: Area = {
  serves: (role) => role === 'auditor',
  places: [
    { href: '/registre', says: 'Registre' },
    { href: '/registre/conservation', says: 'Conservation' },
    { href: '/registre/journal', says: 'Journal' },
  ],
  pages: [
    <Route key="accesses" path="/registre" component={AccessesPage} />,
    <Route key="retention" path="/registre/conservation" component={RetentionPage} />,
    <Route key="journal" path="/registre/journal" component={JournalPage} />,
  ],
};
