import { existsSync } from 'node:fs';
import { flows } from '#contracts';
import { BrokerError, type FlowTable, forecastRetention, type RetentionForecast } from '#core';
import { readStore } from '#storage';
import { storePlaceOf } from '../../../../broker/src/config/store-place.ts';
import type { Cli } from '../../cli.ts';

/** Beside a broker or not. @throws BrokerError `not-found` without a database */
export async function retention(cli: Cli): Promise<RetentionForecast> {
  const place = storePlaceOf(await cli.configuration());
  if ('file' in place && !existsSync(place.file))
    throw new BrokerError('not-found', { detail: `Aucune base : ${place.file} n’existe pas.` });
  const store = await readStore(place);
  try {
    return await forecastRetention(store.operations, contracted(), cli.now());
  } finally {
    await store.close();
  }
}

/** Lives are in the contracts; nothing else of a flow is asked here. */
function contracted(): FlowTable {
  return {
    of: (name) => {
      const flow = flows.find(({ contract }) => contract.flow === name);
      return flow === undefined ? undefined : { flow, open: true, hash: '', schemaFindings: () => [] };
    },
  };
}
