/** The national directory of the demo: services that are no partners of Relais, found by whoever looks for a source. */
import { startAnnuaire } from '../../../../simulators/src/annuaire/index.ts';
import type { DemoChannel } from './channel.ts';

const KEY = 'cle-fictive-de-demonstration';

/** Invented, as are their numbers. */
export const LISTED_SERVICES = [
  {
    name: 'Santé au travail des Monts (fictif)',
    finess: '990000011',
    siret: '99000000300013',
    mailboxes: [{ address: 'dossiers@sst-monts.test.mssante.fr', type: 'APP' }],
  },
  { name: 'Prévention des Vallées (fictif)', finess: '990000029', siret: '99000000400011' },
];

export async function startDirectoryDemo(): Promise<DemoChannel> {
  const annuaire = await startAnnuaire({ key: KEY, structures: LISTED_SERVICES });
  return {
    agreements: {},
    settings: { RELAIS_ANNUAIRE_URL: annuaire.url, RELAIS_ANNUAIRE_KEY: KEY },
    close: () => annuaire.close(),
  };
}
