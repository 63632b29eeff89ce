/** What runs in the thread: one order, one outcome. Types only in what it imports, see `ldap-search.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { type LdapOrder, searchLdap } from './ldap-search.ts';

// the time limit is about the search, not about starting a thread
parentPort?.postMessage('begun');
parentPort?.postMessage(await searchLdap(workerData as LdapOrder));
