/** Table of contents of the product: one line per flow. */
import type { Flow } from '#core';
import { deepFreeze } from './deep-freeze.ts';
import { dmstPortability } from './dmst-portability/index.ts';
import { evrest } from './evrest/index.ts';
import { insi } from './insi/index.ts';
import { mcp } from './mcp/index.ts';
import { sumer } from './sumer/index.ts';

export { contractHash } from './contract-hash.ts';

export const flows: readonly Flow[] = deepFreeze([
  insi, //            SPSTI ↔ INSi: find and verify an identity
  dmstPortability, // SPSTI → SPSTI: a worker's dossier follows them
  sumer, //           SPSTI → DARES or DGAFP: exposures, without an identity
  mcp, //             SPSTI → Santé publique France: fortnight of work-related diseases
  evrest, //          SPSTI → GIS Evrest: sheets under a pseudonym
]);

/** `undefined`: no such flow, `flow.unknown` for whoever asked. */
export function flowOf(id: string): Flow | undefined {
  return flows.find(({ contract }) => contract.flow === id);
}
