/** The story of each flow, one line per flow; a flow without one sends its first sample (sample-demo.ts). */
import { cnamRisksDemo } from './cnam-risks-demo.ts';
import type { BegunDemo, FlowDemo } from './demo-run.ts';
import { dgtAnnualDemo } from './dgt-annual-demo.ts';
import { dmpExportDemo } from './dmp-export-demo.ts';
import { employeePortalDemo } from './employee-portal-demo.ts';
import { employerPortalDemo } from './employer-portal-demo.ts';
import { evrestDemo } from './evrest-demo.ts';
import { hdhFeedDemo } from './hdh-feed-demo.ts';
import { insiDemo } from './insi-demo.ts';
import { internalCompanyFileDemo } from './internal-company-file-demo.ts';
import { beginMcpDemo } from './mcp-demo.ts';
import { medicalAdviserDemo } from './medical-adviser-demo.ts';
import { medicoSocialDemo } from './medico-social-demo.ts';
import { portabilityDemo } from './portability-demo.ts';
import { sickLeaveDemo } from './sick-leave-demo.ts';
import { sumerDemo } from './sumer-demo.ts';

export const DEMOS: Readonly<Record<string, FlowDemo>> = {
  insi: insiDemo,
  'dmst-portability': portabilityDemo,
  'internal-company-file': internalCompanyFileDemo,
  'hdh-feed': hdhFeedDemo,
  'medico-social': medicoSocialDemo,
  'dmp-export': dmpExportDemo,
  sumer: sumerDemo,
  evrest: evrestDemo,
  'medical-adviser': medicalAdviserDemo,
  'sick-leave': sickLeaveDemo,
  'cnam-risks': cnamRisksDemo,
  'employee-portal': employeePortalDemo,
  'employer-portal': employerPortalDemo,
  'dgt-annual': dgtAnnualDemo,
};

/** Stories that begin before the others, because they must wait for a date. */
export const BEGUN: Readonly<Record<string, BegunDemo>> = {
  mcp: beginMcpDemo,
};
