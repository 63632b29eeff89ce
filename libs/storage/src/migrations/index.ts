import { Bulk } from './bulk.ts';
import { FlowMemory } from './flow-memory.ts';
import { Initial } from './initial.ts';
import { Retention } from './retention.ts';

/** In the order in which they ran. */
export const MIGRATIONS = [Initial, FlowMemory, Bulk, Retention];
