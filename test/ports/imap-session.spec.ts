import { getEventListeners } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ImapSession } from '#transports';
import { anImap, BOX, type TestImap } from '../builders/imap.ts';
import { eventually } from '../builders/relais.ts';

/** The operator's end is the simulator's: what it does wrong is in test/hostile. */
let test: TestImap;
beforeAll(async () => {
  test = await anImap();
});
afterEach(() => {
  test.imap.behave({});
  for (const { uid } of [...test.mailbox.mails]) test.mailbox.expunge(uid);
});
afterAll(() => test.close());

const mail = (text = 'Bonjour') => Buffer.from(`From: a@b.fr\r\n\r\n${text}\r\n`);
const never = new AbortController().signal;

describe('a mailbox', () => {
  it('opened by its certificate shows what waits, with its size, oldest first', async () => {
    const [one, two] = [test.mailbox.append(mail()), test.mailbox.append(mail('Deux'))];
    const session = await test.open();
    expect(await session.waiting()).toEqual([
      { uid: one.uid, bytes: one.raw.length },
      { uid: two.uid, bytes: two.raw.length },
    ]);
    expect(await session.mail(two.uid)).toEqual(two.raw);
    expect(two.flags).toEqual(new Set());
  });

  it('shows what stands behind any number of mails that are not to be read now', async () => {
    const some = Array.from({ length: 51 }, () => test.mailbox.append(mail()).uid);
    const session = await test.open();
    const asked: number[] = [];
    const shown = await session.waiting((uid) => {
      asked.push(uid);
      return uid !== some.at(-1);
    });
    expect([shown.map(({ uid }) => uid), asked]).toEqual([some.slice(-1), some]);
  });

  it('no longer shows what was marked, whoever reads it elsewhere', async () => {
    const [one, two, three] = [1, 2, 3].map(() => test.mailbox.append(mail()));
    test.mailbox.setFlags(three?.uid ?? 0, ['\\Seen']);
    const session = await test.open();
    await session.mark(one?.uid ?? 0, 'done');
    await session.mark(two?.uid ?? 0, 'left');
    expect(one?.flags).toEqual(new Set(['$Relais', '\\Seen']));
    expect(two?.flags).toEqual(new Set(['$Relais', '\\Flagged']));
    expect((await session.waiting()).map(({ uid }) => uid)).toEqual([three?.uid]);
  });

  it('without keywords shows what is neither seen nor flagged', async () => {
    test.imap.behave({ noKeywords: true });
    const [one, two, three] = [1, 2, 3].map(() => test.mailbox.append(mail()));
    const session = await test.open();
    await session.mark(one?.uid ?? 0, 'done');
    await session.mark(two?.uid ?? 0, 'left');
    expect((await session.waiting()).map(({ uid }) => uid)).toEqual([three?.uid]);
  });

  it('wakes whoever waits as soon as something comes', async () => {
    const session = await test.open();
    await session.waiting();
    let woken = false;
    const waited = session.pause(60_000, never).then(() => {
      woken = true;
    });
    await eventually(async () => test.imap.idling === 1);
    expect(woken).toBe(false);
    const { uid } = test.mailbox.append(mail());
    await waited;
    // watched for months under one signal
    expect(getEventListeners(never, 'abort')).toEqual([]);
    expect((await session.waiting()).map((each) => each.uid)).toEqual([uid]);
  });

  it('that hangs up while it is waited for is told at once', async () => {
    const session = await test.open();
    await session.waiting();
    test.imap.behave({ dropsIdle: true });
    await session.pause(60_000, never);
    expect(session.isOpen).toBe(false);
    await expect(session.waiting()).rejects.toMatchObject({ code: 'transport.unreachable' });
  });

  it('another certificate does not open', async () => {
    await expect(test.open({ address: 'dmst@spsti-a.mssante.fr' })).rejects.toMatchObject({
      code: 'mail.access-refused',
    });
  });

  it('whose operator knows no EXTERNAL is not opened by anything less', async () => {
    test.imap.behave({ noExternal: true });
    await expect(test.open()).rejects.toMatchObject({ code: 'mail.access-refused' });
  });

  it('whose operator is somewhere else is unreachable', async () => {
    const server = { host: '127.0.0.1', port: 1 };
    await expect(ImapSession.open({ ...test.options, server })).rejects.toMatchObject({
      code: 'transport.unreachable',
    });
    expect(test.imap.open).not.toContain(undefined);
    expect(test.imap.logins(BOX)).toBeGreaterThan(0);
  });
});
