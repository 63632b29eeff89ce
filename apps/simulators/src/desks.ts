/**
 * What each kind of recipient does with what it receives: `<flow>.<object>` → desk. One line per flow, added with the
 * flow; a partner without a desk keeps what came and acknowledges it as received.
 */
import { cnamRisksDesk } from './cnam/cnam-risks-desk.ts';
import { dgtAnnualDesk } from './dgt/dgt-annual-desk.ts';
import type { Desk } from './partner/index.ts';
import { employerPortalDesk } from './portal/employer-portal-desk.ts';
import { employerDeclarationDesk } from './spsti/employer-declaration-desk.ts';

export const DESKS: Readonly<Record<string, Readonly<Record<string, Desk>>>> = {
  spsti: {
    'employer-portal.declaration': employerDeclarationDesk,
  },
  hdh: {},
  esms: {},
  dmp: {},
  dares: {},
  dgafp: {},
  spf: {},
  'gis-evrest': {},
  cnam: {
    'cnam-risks.establishments': cnamRisksDesk,
  },
  'cnam-medical': {},
  portal: {
    'employer-portal.employer-view': employerPortalDesk,
  },
  dgt: {
    'dgt-annual.report': dgtAnnualDesk,
  },
  internal: {},
};
