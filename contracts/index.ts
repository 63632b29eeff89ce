/** Table of contents of the product: one line per flow. */
import type { Flow } from '#core';
import { cnamRisks } from './cnam-risks/index.ts';
import { deepFreeze } from './deep-freeze.ts';
import { dgtAnnual } from './dgt-annual/index.ts';
import { dmstPortability } from './dmst-portability/index.ts';
import { insi } from './insi/index.ts';

export { contractHash } from './contract-hash.ts';

export const flows: readonly Flow[] = deepFreeze([
  insi, //            SPSTI ↔ INSi: find and verify an identity
  dmstPortability, // SPSTI → SPSTI: a worker's dossier follows them
  cnamRisks, //       SPSTI → CNAM: exposures and measures of establishments, small counts hidden
  dgtAnnual, //       SPSTI → DGT: the yearly report, figures only
]);

/** `undefined`: no such flow, `flow.unknown` for whoever asked. */
export function flowOf(id: string): Flow | undefined {
  return flows.find(({ contract }) => contract.flow === id);
}
