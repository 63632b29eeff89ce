/**
 * The server in the middle, whole: a thick client opens a session by phone, asks for a dossier with its handle, and the
 * doctor's own mailbox, on a Dovecot that introspects tokens at the issuer, carries request and answer by XOAUTH2.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DemoAgreement } from '../../apps/cli/src/demo/channels/channel.ts';
import type { DemoHome } from '../../apps/cli/src/demo/demo-home.ts';
import {
  openByImap,
  type ServiceByMail,
  startServiceByMail,
  submitBySmtp,
} from '../../apps/simulators/src/mssante/index.ts';
import { aRequest, asked, exchangesOf, rows, until } from '../builders/portability.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';
import { type Dovecot, startDovecot } from '../services/dovecot.ts';
import { judgedBy } from './programs.ts';

const A = 'dossiers@spsti-a.mssante.fr';
/** Dovecot opens it to the token of the person of that national id, and to nothing else. */
const PERSON = '899900000020@medecin.mssante.fr';
const PASSWORD = 'mot-de-passe-fictif';
const JSON_TYPE = { 'content-type': 'application/json' };
const DATES = { from: '2026-01-01T00:00:00.000Z', to: '2036-01-01T00:00:00.000Z' };

judgedBy(['dovecot'], 'a mailbox that a session of Pro Santé Connect opens', () => {
  let relais: TestRelais;
  let dovecot: Dovecot;
  let inbox: Awaited<ReturnType<typeof openByImap>>;
  let service: ServiceByMail;

  async function agreements(demo: DemoHome, issuer: string): Promise<Record<string, DemoAgreement>> {
    const server = demo.paths.insi.server('mssante');
    const ca = demo.paths.insi.ca.crt;
    const introspection = new URL(`${issuer}/protocol/openid-connect/token/introspect`);
    introspection.username = 'relais';
    introspection.password = demo.clientSecret;
    dovecot = await startDovecot({
      tls: { cert: server.crt, key: server.key, ca },
      passwords: { [A]: PASSWORD },
      introspection: introspection.href,
    });
    const way = { host: 'localhost', address: A, tls: { ca: readFileSync(ca, 'utf8') }, password: PASSWORD };
    inbox = await openByImap({ ...way, port: dovecot.imap });
    service = startServiceByMail({
      address: A,
      fetch: inbox.fetch,
      submit: submitBySmtp({ ...way, port: dovecot.submission }),
      dossiers: { 'ADRUN 19751231': { lastVisit: '2026-05-11', title: 'Dossier', lines: ['fictif'] } },
    });
    const at = (port: number) => ({ host: 'localhost', port });
    const operator = { submission: at(dovecot.submission), imap: at(dovecot.imap) };
    return {
      'spsti-a': { channels: { mssante: { address: A } } },
      'spsti-b': { mandate: { mailbox: { address: PERSON, operator, nil: 'FICTIF-0001', ...DATES } } },
    };
  }

  beforeAll(async () => {
    relais = await aRelais(
      { RELAIS_MSSANTE_LOOPBACK: 'on', RELAIS_RETRY_MAX_SECONDS: '1' },
      { agreements: (demo, people) => agreements(demo, people.psc.issuer), cibaIntervalSeconds: 0.2 },
    );
  }, 60_000);
  afterAll(async () => {
    await relais?.close();
    await service?.close();
    await inbox?.close();
    await dovecot?.close();
  });

  const software = (path: string, body?: object, authorization?: string) =>
    relais.as('spsti-b')(path, {
      headers: { ...JSON_TYPE, ...(authorization === undefined ? {} : { authorization }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  async function byPhone(): Promise<{ id: string; authorization: string }> {
    const { json } = await software('/v1/psc/sessions', { flow: 'ciba', rpps: '99900000020' });
    const phone = relais.people.psc.phone();
    await phone.approve((await eventually(async () => phone.pending()[0])).id);
    const handle = await eventually(async () => {
      const { json: now } = await software(`/v1/psc/sessions/${String(json['id'])}`);
      return now['handle'] as string | undefined;
    });
    return { id: String(json['id']), authorization: `Bearer ${handle}` };
  }

  const openMailbox = (session: { id: string; authorization: string }) =>
    software(`/v1/psc/sessions/${session.id}/mailbox`, { address: PERSON }, session.authorization);

  /** The request waits: nobody's session opens the mailbox that it would leave by. */
  const waits = (request: string) =>
    eventually(async () => {
      const id = exchangesOf(relais, request)[0]?.request_id ?? '';
      const [delivery] = rows(relais, 'SELECT last_error FROM delivery WHERE message_id = ?', id);
      return delivery?.['last_error'] === 'mail.session-needed';
    });

  const answered = (request: string) =>
    until(relais, request, ({ best }) => best !== undefined, 40).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${service.failures.map(String).join('\n')}\n${dovecot.log()}`);
    });

  let session: { id: string; authorization: string };

  it('stays shut until the session opens it, then carries the request and brings the dossier', async () => {
    session = await byPhone();
    const body = JSON.parse(aRequest()) as object;
    const asking = await software('/v1/dmst-requests', body, session.authorization);
    expect(asking.status).toBe(202);
    const request = String(asking.json['id']);
    await waits(request);
    expect(service.letters).toHaveLength(0);
    expect((await openMailbox(session)).json).toMatchObject({ mailbox: PERSON });
    expect((await answered(request)).best).toMatchObject({ partner: 'spsti-a', lastVisit: '2026-05-11' });
    expect(service.letters[0]?.notifyTo).toBe(PERSON);
  }, 120_000);

  it('is shut again when the person signs out, and opens with their next session', async () => {
    const out = await relais.as('spsti-b')(`/v1/psc/sessions/${session.id}?psc=true`, { method: 'DELETE' });
    expect(out.json).toEqual({ psc: 'revoked' });
    const request = await asked(relais);
    await waits(request);
    expect(service.letters).toHaveLength(1);
    await openMailbox(await byPhone());
    expect((await answered(request)).best).toMatchObject({ partner: 'spsti-a' });
    expect(service.letters).toHaveLength(2);
  }, 120_000);

  it('was opened by its person’s token and by nothing else, and no token is in the log of Relais', () => {
    const log = dovecot.log();
    expect(log).toMatch(/Login: user=<899900000020@medecin\.mssante\.fr>, method=XOAUTH2/);
    expect(relais.logged()).not.toMatch(/Bearer (?!\[)|relais_psc_[\w-]{43}|899900000020/);
  });
});
