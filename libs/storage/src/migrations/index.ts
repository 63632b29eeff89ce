import { Bulk } from './bulk.ts';
import { Candidates } from './candidates.ts';
import { Distributed } from './distributed.ts';
import { FlowMemory } from './flow-memory.ts';
import { FourEyes } from './four-eyes.ts';
import { Initial } from './initial.ts';
import { OwnSpace } from './own-space.ts';
import { Poison } from './poison.ts';
import { Registers } from './registers.ts';
import { Restored } from './restored.ts';
import { Retention } from './retention.ts';

/** In the order in which they ran. One set for both databases. */
export const MIGRATIONS = [
  Initial,
  FlowMemory,
  Bulk,
  Retention,
  Distributed,
  Restored,
  Poison,
  Candidates,
  FourEyes,
  Registers,
  OwnSpace,
];
