/** The chapters of the page, in its order. */
import type { Chapter } from '../operation.ts';
import { audit } from './audit.ts';
import { directory } from './directory.ts';
import { incoming } from './incoming.ts';
import { insi } from './insi.ts';
import { interops } from './interops.ts';
import { mailbox } from './mailbox.ts';
import { messages } from './messages.ts';
import { operating } from './operating.ts';
import { employer, worker } from './own-space.ts';
import { partners } from './partners.ts';
import { persons } from './persons.ts';
import { exchanges, portability } from './portability.ts';
import { portal } from './portal.ts';
import { psc } from './psc.ts';
import { supervision } from './supervision.ts';
import { vigilance } from './vigilance.ts';

export const CHAPTERS: readonly Chapter[] = [
  messages,
  mailbox,
  interops,
  insi,
  portability,
  incoming,
  exchanges,
  directory,
  persons,
  worker,
  employer,
  psc,
  operating,
  partners,
  supervision,
  vigilance,
  audit,
  portal,
];
