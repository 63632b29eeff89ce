import type { Command } from 'commander';
import { BrokerError } from '#core';
import type { StorePlace } from '#storage';
import type { Cli } from '../cli.ts';

export function migrateCommand(program: Command, cli: Cli): void {
  program
    .command('migrate')
    .description('met la base au schéma de cette version (le démarrage le fait aussi)')
    .option('--check', 'dit ce qui reste à passer, sans rien changer ; code 1 s’il en reste')
    .action(async ({ check = false }: { check?: boolean }) => {
      const { storePlaceOf } = await import('../../../broker/src/config/store-place.ts');
      const place = storePlaceOf(await cli.configuration());
      await (check ? checked(cli, place) : migrated(cli, place));
    });
}

async function checked(cli: Cli, place: StorePlace): Promise<void> {
  const pending = await pendingIn(place);
  if (pending === undefined)
    cli.out('Pas encore de base : « relais migrate » ou le premier démarrage la fait.');
  else if (pending.length === 0) cli.out('Schéma à jour.');
  else for (const name of pending) cli.out(`à passer : ${name}`);
  if (pending?.length !== 0) cli.exitCode = 1;
}

async function migrated(cli: Cli, place: StorePlace): Promise<void> {
  // a schema of a newer version is not touched
  await pendingIn(place);
  const { migrateStore } = await import('#storage');
  const { ran } = await migrateStore(place);
  for (const name of ran) cli.out(`passée : ${name}`);
  cli.out(
    ran.length === 0 ? 'Schéma à jour, rien à faire.' : `Schéma à jour, ${ran.length} migrations passées.`,
  );
}

/**
 * @returns undefined when there is no database yet
 * @throws BrokerError `state.conflict` when a newer version wrote it
 */
async function pendingIn(place: StorePlace): Promise<readonly string[] | undefined> {
  const { inspectStore } = await import('#storage');
  const store = await inspectStore(place);
  if (store !== undefined && store.unknown.length > 0)
    throw new BrokerError('state.conflict', {
      detail: `La base est d’une version plus récente (${store.unknown.join(', ')}) : installez-la.`,
    });
  return store?.pending;
}
