import { inspectStore } from '#storage';
import { readPartners } from '../../../../broker/src/config/partners-file.ts';
import { storePlaceOf } from '../../../../broker/src/config/store-place.ts';
import type { Cli } from '../../cli.ts';
import { trustOf } from '../../trust.ts';
import { certificateChecks } from './certificates.ts';
import { type Check, failed, ok } from './check.ts';
import { databaseCheck } from './database.ts';
import type { Examined } from './examined.ts';
import { homeChecks } from './home.ts';
import { kekChecks } from './kek.ts';
import { clockCheck, diskCheck } from './machine.ts';
import { partnerChecks } from './partners.ts';
import { portChecks } from './ports.ts';
import { productionChecks } from './production.ts';

/** Looks at everything and changes nothing, in the order in which a start would need it. */
export async function examine(cli: Cli, production: boolean): Promise<Check[]> {
  const checks: Check[] = [];
  const looked = async <T>(subject: string, look: () => Promise<T>, todo: string): Promise<T | undefined> => {
    try {
      return await look();
    } catch (error) {
      checks.push(failed(subject, error, todo));
      return undefined;
    }
  };
  const configuration = await looked('configuration', () => cli.configuration(), 'voyez .env.example');
  if (configuration === undefined) return checks;
  checks.push(ok('configuration', `valide, dossier ${configuration.home}`));
  const { amqpUrl, partnersFile } = configuration;
  const read = await looked(
    'fichier des partenaires',
    async () => readPartners(partnersFile, { amqp: amqpUrl !== undefined }),
    'corrigez-le',
  );
  const trust = await looked(
    'autorités',
    () => trustOf(configuration),
    'voyez RELAIS_TLS_CA et RELAIS_TLS_CRL',
  );
  const before = checks.length;
  const store = await looked(
    'base',
    () => inspectStore(storePlaceOf(configuration)),
    'arrêtez le courtier, restaurez une copie',
  );
  const examined: Examined = {
    configuration,
    production,
    now: cli.now(),
    partners: read?.partners ?? [],
    ...(trust === undefined ? {} : { trust }),
    ...(store === undefined ? {} : { store }),
  };
  return [
    ...checks,
    ...homeChecks(examined),
    ...partnerChecks(examined),
    ...certificateChecks(examined),
    ...(checks.length === before ? [databaseCheck(store)] : []),
    ...kekChecks(examined),
    clockCheck(examined),
    diskCheck(examined),
    ...(await portChecks(examined)),
    ...(production ? await productionChecks(examined, () => cli.configuration(true)) : []),
  ];
}
