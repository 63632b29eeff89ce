/**
 * What each kind of recipient does with what it receives: `<flow>.<object>` → desk. One line per flow, added with the
 * flow; a partner without a desk keeps what came and acknowledges it as received.
 */
import { dmpDesk } from './dmp/index.ts';
import type { Desk } from './partner/index.ts';

export const DESKS: Readonly<Record<string, Readonly<Record<string, Desk>>>> = {
  spsti: {},
  hdh: {},
  esms: {},
  dmp: { 'dmp-export.document': dmpDesk() },
  dares: {},
  dgafp: {},
  spf: {},
  'gis-evrest': {},
  cnam: {},
  'cnam-medical': {},
  portal: {},
  dgt: {},
  internal: {},
};
