import { Route } from 'wouter';
import type { Area } from '../area.ts';
import { later } from '../later.ts';

const HeldPage = later(() => import('./held-page.tsx'), 'HeldPage');
const StatisticsPage = later(() => import('./statistics-page.tsx'), 'StatisticsPage');

const FIGURES = { href: '/identites/statistiques', says: 'Statistiques' };

/** The identity-vigilance cell. */
export const vigilanceArea: Area = {
  serves: (role) => role === 'vigilance',
  places: [{ href: '/identites', says: 'Identités à trancher' }, FIGURES],
  pages: [
    <Route key="held" path="/identites" component={HeldPage} />,
    <Route key="held-figures" path={FIGURES.href} component={StatisticsPage} />,
  ],
};

/** The cell's figures, of nobody: for whoever audits the service. */
export const vigilanceFiguresArea: Area = {
  serves: (role) => role === 'auditor',
  places: [{ ...FIGURES, says: 'Identitovigilance' }],
  pages: [<Route key="held-figures" path={FIGURES.href} component={StatisticsPage} />],
};
