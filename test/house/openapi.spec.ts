import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR_CODES } from '#core';
import type { OpenApi } from '../../apps/broker/src/openapi/document.ts';
import type { OperationObject } from '../../apps/broker/src/openapi/operation-object.ts';
import { CHAPTERS } from '../../apps/broker/src/openapi/operations/index.ts';
import { type Answer, aRelais, ask, type TestRelais } from '../builders/relais.ts';
import { type Json, Judge, messageContents, refsOf, resolve } from './openapi-judge.ts';

/** Named by interface.md, in its order. */
const NAMED: readonly [string, string, readonly string[]][] = [
  ['GET', '/docs', ['people']],
  ['GET', '/openapi.json', ['people']],
  ['GET', '/.well-known/jwks.json', ['partners', 'people']],
  ['GET', '/health/live', ['health']],
  ['GET', '/health/ready', ['health']],
  ['GET', '/metrics', ['health']],
  ['POST', '/v1/messages', ['partners']],
  ['GET', '/v1/messages', ['partners']],
  ['GET', '/v1/messages/{id}', ['partners']],
  ['GET', '/v1/messages/{id}/proof', ['partners']],
  ['GET', '/v1/messages/{id}/trace', ['partners']],
  ['POST', '/v1/insi/search', ['partners']],
  ['POST', '/v1/insi/verify', ['partners']],
  ['GET', '/v1/flows', ['partners', 'people']],
  ['GET', '/v1/flows/{flow}', ['partners', 'people']],
  ['POST', '/v1/flows/{flow}/check', ['partners', 'people']],
  ['GET', '/v1/partners', ['partners', 'people']],
  ['GET', '/v1/directory/services', ['partners', 'people']],
  ['GET', '/v1/deliveries/{deliveryId}/parts/{n}', ['partners']],
  ['GET', '/v1/mailbox', ['partners']],
  ['POST', '/v1/mailbox/{deliveryId}/receipt', ['partners']],
  ['GET', '/v1/exchanges', ['partners', 'people']],
  ['GET', '/v1/exchanges/{id}', ['partners', 'people']],
  ['POST', '/v1/dmst-requests', ['partners', 'people']],
  ['GET', '/v1/dmst-requests/{id}', ['partners', 'people']],
  ['POST', '/v1/dmst-requests/{id}/cancel', ['partners', 'people']],
  ['GET', '/v1/dmst-requests/{id}/summary.pdf', ['partners', 'people']],
  ['GET', '/v1/operations/deliveries', ['people']],
  ['POST', '/v1/operations/replays', ['people']],
  ['GET', '/v1/operations/held', ['people']],
  ['POST', '/v1/operations/held/{id}/decision', ['people']],
  ['GET', '/v1/journal/export', ['people']],
];
const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

let relais: TestRelais;
let document: OpenApi;
let raw: Answer;
let operations: { method: string; path: string; operation: OperationObject }[];

beforeAll(async () => {
  relais = await aRelais();
  raw = await ask(`${relais.peopleUrl}/openapi.json`);
  document = raw.json as unknown as OpenApi;
  operations = Object.entries(document.paths).flatMap(([path, some]) =>
    Object.entries(some).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
});
afterAll(() => relais.close());

describe('the OpenAPI document', () => {
  it('is public on the people port, and only there', async () => {
    expect(raw).toMatchObject({
      status: 200,
      headers: { 'content-type': expect.stringMatching(/^application\/json/) },
    });
    for (const path of ['/openapi.json', '/docs', '/docs/start.js']) {
      expect((await relais.as('spsti-b')(path)).status, path).toBe(404);
      expect((await ask(`${relais.healthUrl}${path}`)).status, path).toBe(404);
    }
  });

  it('is made as OpenAPI 3.1 wants it', () => {
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Relais', version: expect.any(String) },
    });
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = document.tags.map((tag) => (tag as Json)['name']);
    const schemes = Object.keys(document.components.securitySchemes);
    for (const { method, path, operation } of operations) {
      const where = `${method} ${path}`;
      expect(METHODS, where).toContain(method.toLowerCase());
      expect(tags, where).toContain(operation.tags[0]);
      const parameters = (operation.parameters ?? []).map((one) =>
        '$ref' in one ? (resolve(document, String(one.$ref)) as Json) : (one as Json),
      );
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(
        parameters.filter((one) => one['in'] === 'path').map(({ name }) => name),
        where,
      ).toEqual(inPath);
      expect(
        parameters.every((one) => one['in'] !== 'path' || one['required'] === true),
        where,
      ).toBe(true);
      const named = parameters.map((one) => `${one['in']} ${one['name']}`);
      expect(new Set(named).size, where).toBe(named.length);
      expect(
        Object.keys(operation.responses).every((status) => /^[2-5]\d\d$/.test(status)),
        where,
      ).toBe(true);
      expect(
        Object.values(operation.responses).every(
          (answer) => typeof (answer as Json)['description'] === 'string',
        ),
        where,
      ).toBe(true);
      expect(
        operation.security.flatMap((one) => Object.keys(one)).every((one) => schemes.includes(one)),
        where,
      ).toBe(true);
    }
    for (const name of Object.keys(document.components.schemas)) expect(name).toMatch(/^[\w.-]+$/);
  });

  it('has no reference that leads nowhere, and no schema that nothing refers to', () => {
    const refs = refsOf(document);
    expect(refs.filter(({ to }) => resolve(document, to) === undefined)).toEqual([]);
    const named = new Set(refs.map(({ to }) => to));
    const unused = Object.keys(document.components.schemas).filter(
      (name) => !named.has(`#/components/schemas/${name}`),
    );
    // PartClaims is what a recipient finds inside a JWE, RefusedLine a line of NDJSON; the others come out of Relais sealed
    expect(unused.sort()).toEqual([
      'PartClaims',
      'RefusedLine',
      'dmst-portability.access.v1',
      'dmst-portability.reminder.v1',
      'employee-portal.reminder.v1',
      'medical-adviser.reminder.v1',
      'sick-leave.reminder.v1',
    ]);
  });

  it('has schemas that ajv compiles in strict mode, every one of them', () => {
    const judge = new Judge(document, false);
    for (const name of Object.keys(document.components.schemas))
      expect(() => judge.schema(name), name).not.toThrow();
    const inline = operations.flatMap(({ method, path, operation }) =>
      schemasOf(operation).map((schema) => ({ where: `${method} ${path}`, schema })),
    );
    for (const { where, schema } of inline) expect(() => judge.compile(schema), where).not.toThrow();
  });

  it('gives examples that its own schemas take', () => {
    const judge = new Judge(document, false);
    const content = messageContents(document);
    const faults = Object.entries(content).flatMap(([mediaType, { schema, examples }]) => {
      const validate = judge.compile((schema ?? {}) as object);
      return Object.entries((examples ?? {}) as Record<string, { value: unknown }>).flatMap(
        ([name, { value }]) =>
          validate(value) ? [] : [`${mediaType} ${name}: ${JSON.stringify(validate.errors)}`],
      );
    });
    expect(faults.splice(0)).toEqual([]);
    expect(Object.keys(content)).toEqual(
      expect.arrayContaining([
        'application/json',
        'application/jose',
        'application/cloudevents+json',
        'application/cloudevents-batch+json',
      ]),
    );
  });

  it('says every route that is served, and serves every route that it says', () => {
    const fastify = relais.broker.app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    const said = operations.map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
    const served = routesOf(fastify.printRoutes({ commonPrefix: false })).filter(
      (route) => !route.startsWith('HEAD '),
    );
    expect(served.length).toBeGreaterThan(30);
    expect(said.sort()).toEqual(served.sort());
  });

  it('describes each of them in words', () => {
    const described = CHAPTERS.flatMap((chapter) => Object.keys(chapter.operations));
    const said = operations.map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
    expect(
      said.filter((route) => !described.includes(route)),
      'add them to apps/broker/src/openapi/operations',
    ).toEqual([]);
    expect(
      described.filter((route) => !said.includes(route)),
      'described, and gone',
    ).toEqual([]);
  });

  it.each(NAMED)('agrees with the interface on %s %s', (method, path, listeners) => {
    expect(document.paths[path]?.[method.toLowerCase()]?.['x-relais-listeners']).toEqual(listeners);
  });

  it('asks a certificate on the partners port, a person on the other, and says so', () => {
    const security = (path: string, method = 'get') => document.paths[path]?.[method]?.security;
    expect(document.components.securitySchemes).toMatchObject({
      certificat: { type: 'mutualTLS' },
      jeton: { type: 'http', scheme: 'bearer' },
      session: { type: 'apiKey', in: 'cookie', name: 'relais-session' },
    });
    expect(security('/v1/mailbox')).toEqual([{ certificat: [] }]);
    expect(security('/v1/messages', 'post')).toEqual([{ certificat: [] }, { certificat: [], jeton: [] }]);
    expect(security('/v1/dmst-requests', 'post')).toEqual([
      { certificat: [], jeton: [] },
      { jeton: [] },
      { session: [] },
    ]);
    expect(security('/v1/operations/held')).toEqual([{ jeton: [] }, { session: [] }]);
    expect(security('/.well-known/jwks.json')).toEqual([]);
  });

  it('has the closed list of codes, and none outside it', () => {
    expect(document.components.schemas['ErrorCode']).toMatchObject({ enum: Object.keys(ERROR_CODES) });
    const problem = document.components.schemas['Problem'] as { required: string[] };
    expect(problem.required).toEqual(['type', 'title', 'status', 'code', 'instance']);
  });

  it('holds no key, no path of this machine, no password', () => {
    const text = raw.bytes.toString();
    expect(text).not.toMatch(/BEGIN [A-Z ]*(?:KEY|CERTIFICATE)/);
    expect(text).not.toContain(relais.demo.home);
    expect(text).not.toContain(relais.demo.clientSecret);
    for (const password of Object.values(relais.people.passwords)) expect(text).not.toContain(password);
  });
});

describe('the page at /docs', () => {
  it('loads everything from Relais itself, under a policy without inline script or style', async () => {
    const page = await ask(`${relais.peopleUrl}/docs`);
    const html = page.bytes.toString();
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    const policy = String(page.headers['content-security-policy']);
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|https?:/);
    expect(policy).toMatch(/default-src 'self'/);
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
    const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, asset = '']) => asset);
    expect(assets.length).toBeGreaterThanOrEqual(5);
    for (const asset of assets) {
      expect(asset).toMatch(/^\/(docs\/|openapi\.json$)/);
      const answer = await ask(`${relais.peopleUrl}${asset}`);
      expect(answer.status, asset).toBe(200);
      expect(answer.bytes.length, asset).toBeGreaterThan(50);
      if (asset.endsWith('.js')) expect(answer.headers['content-type'], asset).toMatch(/javascript/);
      if (asset.endsWith('.css')) expect(answer.headers['content-type'], asset).toMatch(/css/);
    }
  });

  it('serves nothing else of that folder', async () => {
    for (const file of [
      'package.json',
      'index.html',
      '..%2f..%2fpackage.json',
      '%2e%2e%2fpackage.json',
      'swagger-ui.js.map',
    ])
      expect((await ask(`${relais.peopleUrl}/docs/${file}`)).status, file).toBe(404);
  });
});

function schemasOf(operation: OperationObject): object[] {
  const media = [operation.requestBody ?? {}, ...Object.values(operation.responses)].flatMap((one) =>
    Object.values(((one as Json)['content'] ?? {}) as Record<string, Json>),
  );
  const parameters = (operation.parameters ?? []).map((one) => one as Json);
  return [...media, ...parameters].flatMap(({ schema }) => (schema === undefined ? [] : [schema as object]));
}

/** Fastify's own tree: each line adds to the path of the line above it that stands further left. */
function routesOf(tree: string): string[] {
  const above: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', node = '', methods = ''] =
      /^([│ ]*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    if (node === '') return [];
    const depth = indent.length / 4;
    const path = `${above[depth - 1] ?? ''}${node}`;
    above.length = depth;
    above[depth] = path;
    return methods === '' ? [] : methods.split(', ').map((method) => `${method} ${path}`);
  });
}
