/** A directory by LDAP that lies: each search ends, within its limits, and nothing but that search is held up by it. */
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LDAP_ATTRIBUTES, LdapDirectory, type LdapDirectoryOptions } from '#identity';
import {
  attribute,
  ber,
  bound,
  done,
  entry,
  type LdapServerDouble,
  message,
  number,
  startLdapServerDouble,
  string,
} from '../builders/ldap-server.ts';
import { eventually } from '../builders/relais.ts';
import { type Watchdog, watchdog } from './fuzz/watchdog.ts';

/** of the first request, as ldapts counts */
const BIND = 2;
const ALWAYS = 120_000;
const GOOD = (id: number) =>
  Buffer.concat([message(id, entry(ber(0x30, [attribute('o', 'Santé au travail des Monts')]))), done(id)]);

/** ldapts 9.2.0 reads each of them for ever, and gathers what it does not find. */
const ENDLESS: [string, (id: number) => Buffer][] = [
  ['a list of attributes longer than its message', (id) => message(id, entry(ber(0x30, [], 0x7f)))],
  [
    'a value longer than its message',
    (id) => message(id, entry(ber(0x30, [ber(0x30, [string('o'), ber(0x31, [string('A', 0x7f)])])]))),
  ],
];

let server: LdapServerDouble;
let directory: LdapDirectory;
/** a loop on this thread would hold up every limit of a test */
let dog: Watchdog;

beforeEach(async () => {
  dog = watchdog('ldap.spec.ts', 'a search holds up the event loop');
  server = await startLdapServerDouble();
  open();
});
afterEach(async () => {
  await directory.close();
  await server.close();
  await dog.end();
});

function open(changes: Partial<LdapDirectoryOptions> = {}): void {
  directory = new LdapDirectory({
    ...{ url: server.url, base: 'dc=annuaire', attributes: LDAP_ATTRIBUTES, startTls: false },
    ...{ bind: { dn: 'cn=relais', password: 'essai' }, clock: { now: () => new Date() } },
    ...{ timeoutMs: ALWAYS, searchMs: ALWAYS },
    ...changes,
  });
}
const find = () => directory.services({ text: 'Monts' }, AbortSignal.timeout(ALWAYS));
const answers = (search: (id: number, socket: Socket) => Uint8Array | undefined) =>
  server.says((id, socket) => (id === BIND ? bound(id) : search(id, socket)));
const UNREACHABLE = { code: 'transport.unreachable' };

describe('a directory by LDAP', () => {
  it.each(ENDLESS)('that announces %s is left, and nobody else waits', async (_, lie) => {
    let turns = 0;
    answers((id) => {
      turns = 0;
      return lie(id);
    });
    const turning = setInterval(() => turns++, 10);
    await expect(find()).rejects.toMatchObject({
      ...UNREACHABLE,
      cause: { code: 'ERR_WORKER_OUT_OF_MEMORY' },
    });
    clearInterval(turning);
    expect(turns).toBeGreaterThan(3);
    answers(GOOD);
    expect(await find()).toMatchObject([{ name: 'Santé au travail des Monts' }]);
  });

  it('that lies to more searches than there are threads leaves room for the next', async () => {
    open({ searchMs: 4_000 });
    answers(ENDLESS[0]?.[1] ?? GOOD);
    const all = await Promise.allSettled(Array.from({ length: 6 }, find));
    for (const one of all) expect(one).toMatchObject({ status: 'rejected', reason: UNREACHABLE });
    answers(GOOD);
    expect(await find()).toHaveLength(1);
  });

  it('whose pages never end is left when the search has lasted', async () => {
    open({ searchMs: 1_500 });
    const cookie = ber(0x30, [number(1), string('encore')]);
    const more = ber(0x30, [string('1.2.840.113556.1.4.319'), ber(0x04, [cookie])]);
    let pages = 0;
    answers((id, socket) => {
      pages += 1;
      const page = [message(id, ber(0x73, [string('ldap://ailleurs.example')])), done(id, more)];
      void pause(20).then(() => socket.write(Buffer.concat(page)));
      return undefined;
    });
    await expect(find()).rejects.toMatchObject({ ...UNREACHABLE, cause: { name: 'SearchTooLong' } });
    expect(pages).toBeGreaterThan(1);
    await eventually(async () => server.open === 0);
  });

  it('whose message has no end is read no further than some megabytes', async () => {
    const piece = Buffer.alloc(1 << 16, 0x30);
    answers((_, socket) => {
      const give = () => {
        while (!socket.destroyed && socket.write(piece));
      };
      socket.on('drain', give);
      socket.write(Buffer.of(0x30, 0x84, 0x7f, 0xff, 0xff, 0xff));
      give();
      return undefined;
    });
    await expect(find()).rejects.toMatchObject(UNREACHABLE);
    expect(server.given).toBeGreaterThan(4 << 20);
    expect(server.given).toBeLessThan(64 << 20);
  });

  it('that is silent when the broker stops is left at once', async () => {
    answers(() => undefined);
    const asking = find();
    asking.catch(() => undefined);
    await eventually(async () => server.open === 1);
    await directory.close();
    await expect(asking).rejects.toMatchObject(UNREACHABLE);
    await expect(find()).rejects.toMatchObject(UNREACHABLE);
    await eventually(async () => server.open === 0);
  });
});
