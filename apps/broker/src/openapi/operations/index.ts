/** The chapters of the page, in its order. */
import type { Chapter } from '../operation.ts';
import { directory } from './directory.ts';
import { insi } from './insi.ts';
import { interops } from './interops.ts';
import { mailbox } from './mailbox.ts';
import { messages } from './messages.ts';
import { operating } from './operating.ts';
import { employer, worker } from './own-space.ts';
import { persons } from './persons.ts';
import { exchanges, portability } from './portability.ts';
import { portal } from './portal.ts';
import { psc } from './psc.ts';
import { supervision } from './supervision.ts';

export const CHAPTERS: readonly Chapter[] = [
  messages,
  mailbox,
  interops,
  insi,
  portability,
  exchanges,
  directory,
  persons,
  worker,
  employer,
  psc,
  operating,
  supervision,
  portal,
];
