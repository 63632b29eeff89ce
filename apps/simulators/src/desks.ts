/**
 * What each kind of recipient does with what it receives: `<flow>.<object>` → desk. One line per flow, added with the
 * flow; a partner without a desk keeps what came and acknowledges it as received.
 */
import { cnamRisksDesk } from './cnam/cnam-risks-desk.ts';
import { extractDesk } from './cnam-medical/medical-adviser-desk.ts';
import { sumerDesk } from './dares/sumer-desk.ts';
import { dgtAnnualDesk } from './dgt/dgt-annual-desk.ts';
import { dmpDesk } from './dmp/index.ts';
import { evrestDesk } from './gis-evrest/evrest-desk.ts';
import { hdhFeedDesk } from './hdh/hdh-feed-desk.ts';
import { companyFileBatchDesk, companyFileDesk } from './internal/company-file-desk.ts';
import type { Desk } from './partner/index.ts';
import { workerViewDesk } from './portal/employee-portal-desk.ts';
import { employerPortalDesk } from './portal/employer-portal-desk.ts';
import { mcpDesk } from './spf/mcp-desk.ts';
import { copyRequestDesk } from './spsti/employee-portal-desk.ts';
import { employerDeclarationDesk } from './spsti/employer-declaration-desk.ts';
import { replyDesk } from './spsti/medical-adviser-desk.ts';
import { noticeDesk } from './spsti/sick-leave-desk.ts';

export const DESKS: Readonly<Record<string, Readonly<Record<string, Desk>>>> = {
  spsti: {
    'medical-adviser.reply': replyDesk,
    'sick-leave.notice': noticeDesk,
    'employee-portal.copy-request': copyRequestDesk,
    'employer-portal.declaration': employerDeclarationDesk,
  },
  hdh: { 'hdh-feed.dmst-batch': hdhFeedDesk },
  esms: {},
  dmp: { 'dmp-export.document': dmpDesk() },
  dares: { 'sumer.questionnaire': sumerDesk },
  dgafp: { 'sumer.questionnaire': sumerDesk },
  spf: { 'mcp.fortnight': mcpDesk },
  'gis-evrest': { 'evrest.sheet': evrestDesk },
  cnam: { 'cnam-risks.establishments': cnamRisksDesk },
  'cnam-medical': { 'medical-adviser.extract': extractDesk },
  portal: {
    'employee-portal.worker-view': workerViewDesk,
    'employer-portal.employer-view': employerPortalDesk,
  },
  dgt: { 'dgt-annual.report': dgtAnnualDesk },
  internal: {
    'internal-company-file.company-file': companyFileDesk,
    'internal-company-file.company-file-batch': companyFileBatchDesk,
  },
};
