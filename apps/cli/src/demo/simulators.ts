/** Every partner that nobody here can reach, on loopback, for one home folder. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DESKS } from '../../../simulators/src/desks.ts';
import { type Esms, startEsms } from '../../../simulators/src/esms/index.ts';
import { type InsiSimulator, startInsiSimulator } from '../../../simulators/src/insi/index.ts';
import {
  type Desk,
  type PartnerSoftware,
  startPartnerSoftware,
} from '../../../simulators/src/partner/index.ts';
import type { DepositPlace } from '../../../simulators/src/sftp/index.ts';
import {
  type HeldDossier,
  type Spsti,
  type SpstiOptions,
  startSpsti,
} from '../../../simulators/src/spsti/index.ts';
import { type DemoHome, kindOf } from './demo-home.ts';

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

/** The FHIR server of an establishment; `folder` default: `demo/<id>` in the home folder. */
export function startEstablishment(
  { paths, home }: DemoHome,
  id: string,
  { port = 0, folder = join(home, 'demo', id) }: { port?: number; folder?: string } = {},
): Promise<Esms> {
  const { server } = paths.partner(id);
  const read = (path: string) => readFileSync(path, 'utf8');
  return startEsms({
    tls: { cert: read(server.crt), key: read(server.key), ca: read(paths.ca.crt) },
    folder,
    port,
  });
}

export interface SoftwareOptions {
  relaisUrl: string;
  /** over the desks of its kind */
  desks?: Readonly<Record<string, Desk>>;
  push?: boolean;
  pushPort?: number;
  /** takes deposits from a folder instead of its mailbox */
  deposits?: DepositPlace;
  /** default: `demo/<id>` in the home folder */
  folder?: string;
  /** only the service's own keys: its software cannot read part H */
  withoutHealthKey?: boolean;
  onTrouble?: (error: unknown) => void;
  patience?: SpstiOptions['patience'];
}

export interface ServiceOptions extends SoftwareOptions {
  dossiers: readonly HeldDossier[];
}

export function startService(demo: DemoHome, id: string, options: ServiceOptions): Promise<Spsti> {
  return startSpsti({ ...softwareOf(demo, id, options), dossiers: options.dossiers });
}

/** The software of any other partner, with the desks of its kind. */
export function startPartner(demo: DemoHome, id: string, options: SoftwareOptions): Promise<PartnerSoftware> {
  return startPartnerSoftware(softwareOf(demo, id, options));
}

function softwareOf({ paths, home }: DemoHome, id: string, options: SoftwareOptions) {
  const at = paths.partner(id);
  const read = (path: string) => readFileSync(path, 'utf8');
  const ca = read(paths.ca.crt);
  const health = existsSync(at.encH.crt)
    ? [{ audience: 'enc-h' as const, certificate: read(at.encH.crt), key: read(at.encH.key) }]
    : [];
  return {
    id,
    relaisUrl: options.relaisUrl,
    tls: { cert: read(at.client.crt), key: read(at.client.key), ca },
    readers: [
      { audience: 'enc' as const, certificate: read(at.enc.crt), key: read(at.enc.key) },
      ...(options.withoutHealthKey === true ? [] : health),
    ],
    folder: options.folder ?? join(home, 'demo', id),
    desks: { ...DESKS[kindOf(id)], ...options.desks },
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
    ...(options.deposits === undefined ? {} : { deposits: options.deposits }),
    ...(options.onTrouble === undefined ? {} : { onTrouble: options.onTrouble }),
    ...(options.patience === undefined ? {} : { patience: options.patience }),
  };
}
