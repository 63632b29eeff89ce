import type { Partner } from '#core';
import type { TrustStore } from '#protection';
import type { StoreInspection } from '#storage';
import type { Configuration } from '../../../../broker/src/config/environment.ts';

/** What the checks look at. What could not be read is absent here, and is already a check. */
export interface Examined {
  configuration: Configuration;
  /** whether what serves a test only is to be refused */
  production: boolean;
  now: Date;
  partners: readonly Partner[];
  trust?: TrustStore;
  store?: StoreInspection;
}
