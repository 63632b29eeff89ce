import { Bulk } from './bulk.ts';
import { Initial } from './initial.ts';

/** In the order in which they ran. */
export const MIGRATIONS = [Initial, Bulk];
