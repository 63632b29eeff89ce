/** Every partner that nobody here can reach, on loopback, for one home folder. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type InsiSimulator, startInsiSimulator } from '../../../simulators/src/insi/index.ts';
import {
  type HeldDossier,
  type Spsti,
  type SpstiOptions,
  startSpsti,
} from '../../../simulators/src/spsti/index.ts';
import type { DemoHome } from './demo-home.ts';

export function startInsi({ paths }: DemoHome, port = 0): Promise<InsiSimulator> {
  const { server } = paths.partner('insi');
  return startInsiSimulator({
    port,
    tls: {
      cert: readFileSync(server.crt, 'utf8'),
      key: readFileSync(server.key, 'utf8'),
      ca: readFileSync(paths.insi.ca.crt, 'utf8'),
    },
    idams: ['IDAM-FICTIF-0001'],
  });
}

export interface ServiceOptions {
  relaisUrl: string;
  dossiers: readonly HeldDossier[];
  push?: boolean;
  pushPort?: number;
  /** default: `demo/<id>` in the home folder */
  folder?: string;
  /** only the service's own keys: its software cannot read part H */
  withoutHealthKey?: boolean;
  onTrouble?: (error: unknown) => void;
  patience?: SpstiOptions['patience'];
}

export function startService(demo: DemoHome, id: string, options: ServiceOptions): Promise<Spsti> {
  const { paths, home } = demo;
  const at = paths.partner(id);
  const read = (path: string) => readFileSync(path, 'utf8');
  const ca = read(paths.ca.crt);
  const health = { audience: 'enc-h' as const, certificate: read(at.encH.crt), key: read(at.encH.key) };
  return startSpsti({
    id,
    relaisUrl: options.relaisUrl,
    tls: { cert: read(at.client.crt), key: read(at.client.key), ca },
    readers: [
      { audience: 'enc', certificate: read(at.enc.crt), key: read(at.enc.key) },
      ...(options.withoutHealthKey === true ? [] : [health]),
    ],
    folder: options.folder ?? join(home, 'demo', id),
    dossiers: options.dossiers,
    ...(options.push === true
      ? {
          push: {
            cert: read(at.server.crt),
            key: read(at.server.key),
            ca,
            ...(options.pushPort === undefined ? {} : { port: options.pushPort }),
          },
        }
      : {}),
    ...(options.onTrouble === undefined ? {} : { onTrouble: options.onTrouble }),
    ...(options.patience === undefined ? {} : { patience: options.patience }),
  });
}
