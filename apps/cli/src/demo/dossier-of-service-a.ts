import { readFileSync } from 'node:fs';
import type { HeldDossier } from '../../../simulators/src/spsti/index.ts';

const SAMPLE = 'contracts/dmst-portability/samples/valid/response.full.json';

/** The file that service A holds of the worker: the full sample of the contract. */
export function dossierOfServiceA(): HeldDossier {
  const content = readFileSync(SAMPLE);
  const { identity, closure } = JSON.parse(content.toString()) as {
    identity: { birthName: string; birthDate: string };
    closure: { lastVisitAt: string };
  };
  return {
    birthName: identity.birthName,
    birthDate: identity.birthDate,
    lastVisit: closure.lastVisitAt,
    mediaType: 'application/json',
    content,
  };
}
