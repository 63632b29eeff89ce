/**
 * What each kind of recipient does with what it receives: `<flow>.<object>` → desk. One line per flow, added with the
 * flow; a partner without a desk keeps what came and acknowledges it as received.
 */

import { extractDesk } from './cnam-medical/medical-adviser-desk.ts';
import { sumerDesk } from './dares/sumer-desk.ts';
import { evrestDesk } from './gis-evrest/evrest-desk.ts';
import type { Desk } from './partner/index.ts';
import { mcpDesk } from './spf/mcp-desk.ts';
import { replyDesk } from './spsti/medical-adviser-desk.ts';

export const DESKS: Readonly<Record<string, Readonly<Record<string, Desk>>>> = {
  spsti: {
    'medical-adviser.reply': replyDesk,
  },
  hdh: {},
  esms: {},
  dmp: {},
  dares: { 'sumer.questionnaire': sumerDesk },
  dgafp: { 'sumer.questionnaire': sumerDesk },
  spf: { 'mcp.fortnight': mcpDesk },
  'gis-evrest': { 'evrest.sheet': evrestDesk },
  cnam: {},
  'cnam-medical': {
    'medical-adviser.extract': extractDesk,
  },
  portal: {},
  dgt: {},
  internal: {},
};
