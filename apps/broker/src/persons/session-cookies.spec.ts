import fastifyCookie from '@fastify/cookie';
import { fastify } from 'fastify';
import { expect, it } from 'vitest';
import { SessionCookies } from './session-cookies.ts';
import { Sessions } from './sessions.ts';

async function cookieOver(origin: string): Promise<string> {
  const cookies = new SessionCookies(new Sessions({ now: () => new Date(0) }), () => origin);
  const app = fastify();
  await app.register(fastifyCookie);
  app.get('/', (_, reply) => {
    cookies.setSession(reply, 'id');
    return reply.send();
  });
  const { headers } = await app.inject('/');
  await app.close();
  return String(headers['set-cookie']);
}

it('over TLS the cookie goes over TLS only, and no other host of the domain can plant it', async () => {
  expect(await cookieOver('https://relais.example')).toBe(
    '__Host-relais-session=id; Path=/; HttpOnly; Secure; SameSite=Lax',
  );
});

it('over plain http, on this machine only, it is an ordinary one', async () => {
  expect(await cookieOver('http://localhost:8444')).toBe('relais-session=id; Path=/; HttpOnly; SameSite=Lax');
});
