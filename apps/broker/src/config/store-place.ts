import { join } from 'node:path';
import type { StorePlace } from '#storage';
import type { Configuration } from './environment.ts';

/** Where the record of this broker is. */
export function storePlaceOf({ databaseUrl, home }: Pick<Configuration, 'databaseUrl' | 'home'>): StorePlace {
  return databaseUrl === undefined ? { file: join(home, 'relais.sqlite') } : { url: databaseUrl.reveal() };
}
