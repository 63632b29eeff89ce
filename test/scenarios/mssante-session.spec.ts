import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aCda,
  aLetter,
  anArchive,
  anOperator,
  B_BOX,
  isHandled,
  type Operator,
} from '../builders/mssante.ts';
import { journal, rows } from '../builders/portability.ts';
import { aPscRelais, type PscRelais } from '../builders/psc.ts';
import { eventually } from '../builders/relais.ts';

/** longer than a token lives: a mailbox that would be opened would have been */
const SOME_LOOKS_MS = 6_000;

/** A mailbox without a certificate opens by the Pro Santé Connect session of a person, and closes with it (CONF.10, CONF.11). */
describe('a mailbox that a person opens', () => {
  let psc: PscRelais;
  let operator: Operator;
  beforeAll(async () => {
    psc = await aPscRelais({
      // an operator asks Pro Santé Connect about the token: its session ends with it, and must come back
      accessTokenSeconds: 4,
      settings: { RELAIS_MSSANTE_LOOPBACK: 'on' },
      agreements: async (demo, people) => {
        operator = await anOperator(demo, people);
        return operator.agreements;
      },
    });
  });
  afterAll(async () => {
    await psc?.close();
    await operator?.close();
  });

  const aMail = async () => operator.b.append(await aLetter({ archive: await anArchive([aCda()]) }));
  const asB = (path: string, asking: object) => psc.relais.as('spsti-b')(path, asking);
  async function opened() {
    const session = await psc.opened('spsti-b', 'doctor-b');
    const answer = await asB(`/v1/psc/sessions/${session.id}/mailbox`, {
      method: 'POST',
      headers: { authorization: session.authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ address: B_BOX }),
    });
    expect(answer.status).toBeLessThan(300);
    return session;
  }
  let first: Awaited<ReturnType<typeof opened>>;
  const isOpen = () => operator.imap.open.includes(B_BOX);

  it('waits without a word while nobody has signed in', async () => {
    const mail = await aMail();
    await eventually(
      async () => rows(psc.relais, "SELECT * FROM leader WHERE name = 'reader:mssante-inbox'").length === 1,
    );
    await pause(SOME_LOOKS_MS);
    expect([operator.imap.logins(B_BOX), isHandled(mail)]).toEqual([0, false]);
    expect(psc.relais.logged()).not.toContain('mailbox not read');
  });

  it('is read as soon as somebody has, and again each time that a short token has ended', async () => {
    first = await opened();
    await eventually(async () => operator.b.mails.every(isHandled));
    await eventually(async () => operator.imap.logins(B_BOX) > 2);
    const mail = await aMail();
    await eventually(async () => isHandled(mail));
    expect(operator.submission.submitted().at(-1)).toMatchObject({ by: 'token', from: '' });
  });

  it('closes when that person signs out, and what comes waits for the next', async () => {
    const { id, authorization } = first;
    await asB(`/v1/psc/sessions/${id}`, { method: 'DELETE', headers: { authorization } });
    await eventually(async () => !isOpen());
    const logins = operator.imap.logins(B_BOX);
    const mail = await aMail();
    await pause(SOME_LOOKS_MS);
    expect([isOpen(), operator.imap.logins(B_BOX), isHandled(mail)]).toEqual([false, logins, false]);
    await opened();
    await eventually(async () => isHandled(mail));
  });

  it('keeps no token anywhere: not in the log, not in the journal', async () => {
    const text = `${psc.relais.logged()}${JSON.stringify(journal(psc.relais))}`;
    expect(text).not.toMatch(/Bearer|eyJ[A-Za-z0-9_-]{20}/);
  });
});
