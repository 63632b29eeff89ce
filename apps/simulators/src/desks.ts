/**
 * What each kind of recipient does with what it receives: `<flow>.<object>` → desk. One line per flow, added with the
 * flow; a partner without a desk keeps what came and acknowledges it as received.
 */
import { cnamRisksDesk } from './cnam/cnam-risks-desk.ts';
import { dgtAnnualDesk } from './dgt/dgt-annual-desk.ts';
import type { Desk } from './partner/index.ts';

export const DESKS: Readonly<Record<string, Readonly<Record<string, Desk>>>> = {
  spsti: {},
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
  portal: {},
  dgt: {
    'dgt-annual.report': dgtAnnualDesk,
  },
  internal: {},
};
