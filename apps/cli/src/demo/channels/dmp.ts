/** The DMP on loopback, and what the agreements say of it: its own address, the mandates of the service that feeds it. */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Dmp, startDmp } from '../../../../simulators/src/dmp/index.ts';
import { type Pdsm, startPdsm } from '../../../../simulators/src/pdsm/index.ts';
import { DEMO_PARTNERS } from '../../pki/demo-partners.ts';
import type { PairPaths } from '../../pki/pki-paths.ts';
import type { DemoHome } from '../demo-home.ts';
import type { DemoAgreement, DemoChannel } from './channel.ts';

const HOMOLOGATION = 'DMP-FICTIF-0001';
const DATES = { from: '2026-01-01T00:00:00.000Z', to: '2036-01-01T00:00:00.000Z' };

export interface DmpHandles {
  dmp: Dmp;
}

export function startDemoDmp({ paths, home }: DemoHome, folder = join(home, 'demo', 'dmp')): Promise<Dmp> {
  const server = paths.insi.server('dmp');
  const read = (path: string) => readFileSync(path, 'utf8');
  return startDmp({
    tls: { cert: read(server.crt), key: read(server.key), ca: read(paths.insi.ca.crt) },
    folder,
    homologations: [HOMOLOGATION],
  });
}

/** What opens the DMP's channel: agreements laid over those of the demo. */
export function dmpAgreements({ paths, home }: DemoHome, dmp: Dmp): Record<string, DemoAgreement> {
  return {
    dmp: {
      channels: {
        'xds-b': {
          endpoint: dmp.endpoint,
          vihfVersion: '4.0',
          // the DMP's own list stops before SA66
          sector: 'SA13',
          existence: { endpoint: dmp.existenceEndpoint, form: 'relais-1' },
        },
      },
    },
    'spsti-a': { mandate: dmpMandates({ paths, home }, 'spsti-a') },
  };
}

/** A PDSm document server in the place of the DMP. */
export function startDemoPdsm({ paths }: Pick<DemoHome, 'paths'>): Promise<Pdsm> {
  const server = paths.insi.server('dmp');
  const read = (path: string) => readFileSync(path, 'utf8');
  return startPdsm({ tls: { cert: read(server.crt), key: read(server.key), ca: read(paths.insi.ca.crt) } });
}

/** What opens PDSm instead. */
export function pdsmAgreements(
  demo: DemoHome,
  { endpoint }: Pdsm,
  transaction: 'ITI-65' | 'ITI-105',
): Record<string, DemoAgreement> {
  return {
    dmp: { channels: { mhd: { endpoint, transaction } } },
    'spsti-a': { mandate: dmpMandates(demo, 'spsti-a') },
  };
}

/** Certificates by which one service lets Relais feed the DMP, and sign for it. */
export function dmpMandates({ paths, home }: Pick<DemoHome, 'paths' | 'home'>, id: string) {
  const mandate = paths.insi.mandate(id);
  const file = (path: string) => ({ file: relative(home, path) });
  const pair = ({ crt, key }: PairPaths) => ({ certificate: file(crt), key: file(key) });
  const structureId = DEMO_PARTNERS.find((partner) => partner.id === id)?.structureId ?? '';
  return {
    dmp: {
      ...pair(mandate.dmp),
      structureId,
      responsible: 'Responsable fictif du traitement automatique',
      homologation: HOMOLOGATION,
      ...DATES,
    },
    seal: { ...pair(mandate.seal), scope: ['dmp', 'interops'], ...DATES },
  };
}

export async function startDmpChannel(
  demo: DemoHome,
): Promise<{ channel: DemoChannel; handles: DmpHandles }> {
  const dmp = await startDemoDmp(demo);
  return {
    channel: { agreements: dmpAgreements(demo, dmp), settings: {}, close: () => dmp.close() },
    handles: { dmp },
  };
}
