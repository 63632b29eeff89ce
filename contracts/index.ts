/** Table of contents of the product: one line per flow and major version, in the order of source document 001. */
import type { Flow } from '#core';
import { deepFreeze } from './deep-freeze.ts';

export { contractHash } from './contract-hash.ts';

const table = await Promise.all([
  import('./insi/index.ts'), //             SPSTI ↔ INSi: find and verify an identity
  import('./dmst-portability/index.ts'), // SPSTI → SPSTI: a worker's dossier follows them
  import('./internal-company-file/index.ts'), // SPSTI → its professionals: what it knows of a company
  import('./hdh-feed/index.ts'), //         SPSTI → Health Data Hub: research lines, in bulk
  import('./medico-social/index.ts'), //    SPSTI → ESMS: capacities and restrictions, with the worker's agreement
  import('./dmp-export/index.ts'), //       SPSTI → DMP: one document, one consent, qualified identities only
  import('./sumer/index.ts'), //            SPSTI → DARES or DGAFP: exposures, without an identity
  import('./mcp/index.ts'), //              SPSTI → Santé publique France: fortnight of work-related diseases
  import('./evrest/index.ts'), //           SPSTI → GIS Evrest: sheets under a pseudonym
  import('./medical-adviser/index.ts'), //  SPSTI ↔ CNAM service médical: what a return to work would need
  import('./sick-leave/index.ts'), //       CNAM → SPSTI: a stop, and the visits that it calls for
  import('./cnam-risks/index.ts'), //       SPSTI → CNAM: exposures and measures of establishments, small counts hidden
  import('./employee-portal/index.ts'), //  SPSTI ↔ portal: what persons see of their own file, and its copy
  import('./employer-portal/index.ts'), //  SPSTI ↔ portal: what an employer may see, and declares
  import('./dgt-annual/index.ts'), //       SPSTI → DGT: the yearly report, figures only
]);

export const flows: readonly Flow[] = deepFreeze(table.map(({ flow }) => flow));

/** The newest version. `undefined`: no such flow, `flow.unknown` for whoever asked. */
export function flowOf(id: string): Flow | undefined {
  return flows.findLast(({ contract }) => contract.flow === id);
}
