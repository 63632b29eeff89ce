/**
 * What each kind of recipient does with what it receives: `<flow>.<object>` → desk. One line per flow, added with the
 * flow; a partner without a desk keeps what came and acknowledges it as received.
 */
import { sumerDesk } from './dares/sumer-desk.ts';
import { evrestDesk } from './gis-evrest/evrest-desk.ts';
import type { Desk } from './partner/index.ts';
import { mcpDesk } from './spf/mcp-desk.ts';

export const DESKS: Readonly<Record<string, Readonly<Record<string, Desk>>>> = {
  spsti: {},
  hdh: {},
  esms: {},
  dmp: {},
  dares: { 'sumer.questionnaire': sumerDesk },
  dgafp: { 'sumer.questionnaire': sumerDesk },
  spf: { 'mcp.fortnight': mcpDesk },
  'gis-evrest': { 'evrest.sheet': evrestDesk },
  cnam: {},
  'cnam-medical': {},
  portal: {},
  dgt: {},
  internal: {},
};
