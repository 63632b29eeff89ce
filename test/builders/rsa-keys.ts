/**
 * RSA keys cost a second each, and a home needs a handful: one of a kind is made in a run of the tests, kept under
 * `var/test`, and lent to every home. Certificates, authorities and signing keys are made anew each time.
 */
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type DemoHome, openDemoHome } from '../../apps/cli/src/demo/demo-home.ts';
import { DEMO_PARTNERS, type DemoPartner } from '../../apps/cli/src/pki/demo-partners.ts';
import { makePki, type PkiRequest } from '../../apps/cli/src/pki/make-pki.ts';
import { pkiPaths } from '../../apps/cli/src/pki/pki-paths.ts';

const KEYS = join(import.meta.dirname, '../../var/test/rsa-keys');

/** PKCS#8 PEM of an RSA-3072 key: the same for the same name, another for another. */
export function rsaKey(name: string): string {
  const file = join(KEYS, `${name}.pem`);
  if (!existsSync(file)) {
    mkdirSync(KEYS, { recursive: true });
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
    const mine = `${file}.${process.pid}`;
    writeFileSync(mine, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    try {
      // whole or not at all; of several processes, the first wins
      linkSync(mine, file);
    } catch (error) {
      if (!existsSync(file)) throw error;
    } finally {
      rmSync(mine);
    }
  }
  return readFileSync(file, 'utf8');
}

/** As `makePki`, on lent encryption keys. */
export function aPki(folder: string, request: PkiRequest = {}): ReturnType<typeof makePki> {
  const paths = pkiPaths(folder);
  for (const { id, readers, insiMandate, seal } of partnersOf(request)) {
    for (const reader of readers)
      lend(paths.partner(id)[reader === 'enc' ? 'enc' : 'encH'].key, `${id}.${reader}`);
    if (insiMandate || seal) lend(paths.insi.mandate(id).seal.key, `${id}.seal`);
  }
  return makePki(folder, request);
}

/** As `openDemoHome`, on lent keys: the partners’, Relais’ own, and those of the portal for these partners. */
export async function aDemoHome(home: string, request: PkiRequest = {}): Promise<DemoHome> {
  mkdirSync(home, { recursive: true });
  lendKeyFolder(join(home, 'keys/encryption'), 'relais');
  for (const { id } of partnersOf(request))
    if (id.startsWith('spsti-')) lendKeyFolder(join(home, 'keys/portal', id), `portal.${id}`);
  await aPki(join(home, 'pki'), request);
  return openDemoHome(home, request);
}

/** The first key of a folder such as `EncryptionKeys` opens. */
export function lendKeyFolder(folder: string, name: string): void {
  lend(join(folder, '0001.pem'), name);
}

function lend(path: string, name: string): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, rsaKey(name), { mode: 0o600 });
}

function partnersOf({
  partners = DEMO_PARTNERS,
}: PkiRequest): Pick<DemoPartner, 'id' | 'readers' | 'insiMandate' | 'seal'>[] {
  return partners.map((partner) =>
    typeof partner !== 'string'
      ? partner
      : // makePki says which one it does not know
        (DEMO_PARTNERS.find(({ id }) => id === partner) ?? { id: partner, readers: [] }),
  );
}
