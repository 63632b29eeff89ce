/** A test PKI for the core's specs: made by whoever comes first in a day, then shared; its keys are never in the repository. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EncryptionKeys, SigningKeys } from '#protection';
import { makePki } from '../../apps/cli/src/pki/make-pki.ts';
import { pkiPaths } from '../../apps/cli/src/pki/pki-paths.ts';

const VAR = join(import.meta.dirname, '../../var/test');
const SERVICES = ['spsti-a', 'spsti-b', 'spsti-c'];

export interface CorePki {
  anchors: string;
  crl: string;
  /** PEM */
  certificate(partner: string, audience: 'enc' | 'enc-h'): string;
  privateKey(partner: string, audience: 'enc' | 'enc-h'): KeyObject;
  expired: string;
  signing: SigningKeys;
  encryption: EncryptionKeys;
}

/** Revocation lists end, so each day has its own. */
export async function corePki(): Promise<CorePki> {
  const folder = join(VAR, `core-pki-${new Date().toISOString().slice(0, 10)}`);
  if (!existsSync(folder)) await make(folder);
  const paths = pkiPaths(join(folder, 'pki'));
  const text = (path: string) => readFileSync(path, 'utf8');
  const pair = (partner: string, audience: 'enc' | 'enc-h') =>
    paths.partner(partner)[audience === 'enc' ? 'enc' : 'encH'];
  return {
    anchors: text(paths.ca.crt),
    crl: text(paths.ca.crl),
    certificate: (partner, audience) => text(pair(partner, audience).crt),
    privateKey: (partner, audience) => createPrivateKey(text(pair(partner, audience).key)),
    expired: text(paths.bad('expired').crt),
    signing: new SigningKeys(join(folder, 'signing')),
    encryption: new EncryptionKeys(join(folder, 'encryption')),
  };
}

/** Several processes may make it at once: one of them is kept whole. */
async function make(folder: string): Promise<void> {
  mkdirSync(VAR, { recursive: true });
  const mine = mkdtempSync(join(VAR, 'core-pki-new-'));
  const readers = ['enc', 'enc-h'] as const;
  const partners = SERVICES.map((id, i) => ({ id, name: id, structureId: `199000000${i}`, readers }));
  await makePki(join(mine, 'pki'), { partners: [...partners] });
  new SigningKeys(join(mine, 'signing'));
  new EncryptionKeys(join(mine, 'encryption'));
  try {
    renameSync(mine, folder);
  } catch (error) {
    rmSync(mine, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
}
