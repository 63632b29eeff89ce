import { Route } from 'wouter';
import type { Area } from '../area.ts';
import { HeldPage } from './held-page.tsx';

/** The identity-vigilance cell. */
export const vigilanceArea: Area = {
  serves: (role) => role === 'vigilance',
  places: [{ href: '/identites', says: 'Identités à trancher' }],
  pages: [<Route key="held" path="/identites" component={HeldPage} />],
};
