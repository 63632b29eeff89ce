import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FlowDemo } from './demo-run.ts';

/** Service B acquires the identity of a worker (an INSi test identity), then verifies it. */
export const insiDemo: FlowDemo = async ({ services, folder }) => {
  const { client } = services['spsti-b'];
  const traits = {
    birthName: 'ADRUN',
    firstNames: ['ZOE'],
    sex: 'F',
    birthDate: '1975-12-31',
    birthPlace: '63220',
  };
  const found = await client.insiSearch({ traits, evidenceSeen: 'CN' });
  if (found['outcome'] !== 'found' || found['status'] !== 'QUAL')
    throw new Error(`INSi : ${String(found['outcome'])}`);
  const verified = await client.insiVerify({ traits, ins: found['ins'] });
  if (verified['outcome'] !== 'found') throw new Error('INSi : matricule non confirmé');
  mkdirSync(folder('insi'), { recursive: true });
  const files = [
    [join(folder('insi'), 'recherche.json'), found],
    [join(folder('insi'), 'verification.json'), verified],
  ] as const;
  for (const [file, answer] of files)
    writeFileSync(file, `${JSON.stringify(answer, null, 2)}\n`, { mode: 0o600 });
  return {
    sender: 'spsti-b',
    recipient: 'insi',
    identity: `${String(found['status'])} (${String(found['outcome'])})`,
    transform: 'aucune',
    protection: 'mTLS (mandat INSI-AUTO)',
    outcome: 'répondu',
    messageIds: [String(found['id']), String(verified['id'])],
    files: files.map(([file]) => file),
  };
};
