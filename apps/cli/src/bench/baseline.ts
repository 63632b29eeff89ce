/**
 * What a user would write instead, as a process of its own: `fastify` = the same TLS and a 202 with nothing kept;
 * `commit` = the same bytes committed one by one (WAL, synchronous FULL), no network.
 */
import { readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import fastify from 'fastify';

const [kind, ...words] = process.argv.slice(2);

if (kind === 'fastify') await bareFastify(words as [string, string, string]);
else bareCommits(words as [string, string, string]);

async function bareFastify([cert, key, ca]: [string, string, string]): Promise<void> {
  const app = fastify({
    https: {
      cert: readFileSync(cert),
      key: readFileSync(key),
      ca: readFileSync(ca),
      requestCert: true,
      rejectUnauthorized: true,
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post('/v1/messages', async (_request, reply) => {
    reply.code(202);
    return { id: 'none' };
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  process.send?.({ port: (app.server.address() as AddressInfo).port });
}

function bareCommits([file, bytes, milliseconds]: [string, string, string]): void {
  rmSync(file, { force: true });
  const database = new DatabaseSync(file);
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE message (id INTEGER PRIMARY KEY, body BLOB)',
  );
  const insert = database.prepare('INSERT INTO message (body) VALUES (?)');
  const body = Buffer.alloc(Number(bytes), 7);
  const began = performance.now();
  const cpu = process.cpuUsage();
  let commits = 0;
  for (; performance.now() - began < Number(milliseconds); commits++) insert.run(body);
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - began) / 1000;
  database.close();
  process.send?.({ perSecond: commits / seconds, cpuMs: (user + system) / 1000 / commits });
}
