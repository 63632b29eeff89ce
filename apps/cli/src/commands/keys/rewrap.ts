import { existsSync, readFileSync } from 'node:fs';
import { BrokerError, rewrapKeys } from '#core';
import { EnvelopeVault, Keyring } from '#protection';
import { openStore } from '#storage';
import { storePlaceOf } from '../../../../broker/src/config/store-place.ts';
import { systemClock, uuidv7 } from '../../../../broker/src/engine/stage-ports.ts';
import type { Cli } from '../../cli.ts';

/** Beside a broker or not. @throws BrokerError `not-found` without keys or database */
export async function rewrap(cli: Cli): Promise<void> {
  const configuration = await cli.configuration();
  const { value, file } = configuration.kek;
  const place = storePlaceOf(configuration);
  if (value === undefined && !existsSync(file))
    throw new BrokerError('not-found', { detail: `Aucune clé : ni RELAIS_KEK, ni ${file}.` });
  if ('file' in place && !existsSync(place.file))
    throw new BrokerError('not-found', { detail: `Aucune base : ${place.file} n’existe pas.` });
  const ring = Keyring.fromText(value?.reveal() ?? readFileSync(file, 'utf8'));
  const store = await openStore(place);
  try {
    const ports = { ...store, clock: systemClock, ids: uuidv7, vault: new EnvelopeVault(ring) };
    const count = await rewrapKeys(ports, ring.newest.id);
    cli.out(`${count} clé(s) de contenu mises sous la plus récente (${ring.newest.id}).`);
  } finally {
    await store.close();
  }
}
