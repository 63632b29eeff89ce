/** Table of contents of the product: one line per flow. */
import type { Flow } from '#core';
import { deepFreeze } from './deep-freeze.ts';
import { dmstPortability } from './dmst-portability/index.ts';
import { insi } from './insi/index.ts';
import { medicoSocial } from './medico-social/index.ts';

export { contractHash } from './contract-hash.ts';

export const flows: readonly Flow[] = deepFreeze([
  insi, //            SPSTI ↔ INSi: find and verify an identity
  dmstPortability, // SPSTI → SPSTI: a worker's dossier follows them
  medicoSocial, //    SPSTI → ESMS: capacities and restrictions, with the worker's agreement
]);

/** The newest version. `undefined`: no such flow, `flow.unknown` for whoever asked. */
export function flowOf(id: string): Flow | undefined {
  return flows.findLast(({ contract }) => contract.flow === id);
}
