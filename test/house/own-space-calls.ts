/** Every operation of a worker's and of an employer's own space, called as a page would. */
import { expect } from 'vitest';
import type { OpenApi } from '../../apps/broker/src/openapi/document.ts';
import type { DemoAccount } from '../../apps/simulators/src/psc/index.ts';
import { published, sampleOf } from '../builders/own-space.ts';
import { type Answer, type Asking, eventually, type TestRelais } from '../builders/relais.ts';
import type { Json } from './openapi-judge.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

export async function ownSpaceCalls(
  relais: TestRelais,
  document: OpenApi,
  person: (account: DemoAccount) => (path: string, asking?: Asking) => Promise<Answer>,
): Promise<void> {
  const service = await relais.service('spsti-a');
  const publish = (flow: 'employee-portal' | 'employer-portal', name: string) =>
    published(service, flow, name, sampleOf(flow, name));
  await publish('employee-portal', 'worker-view.full');
  const shown = ['fitness', 'unfitness', 'recommendations', 'establishment'];
  for (const name of shown) await publish('employer-portal', `employer-view.${name}`);
  const zoe = person('worker-zoe');
  expect((await zoe('/v1/my/services')).json).not.toHaveLength(0);
  const [view] = (await zoe('/v1/my/views')).json as unknown as Json[];
  const path = `/v1/my/views/${String(view?.['id'])}`;
  const [first] = (await zoe(path)).json['documents'] as Json[];
  expect((await zoe(`${path}/documents/${String(first?.['id'])}.pdf`)).status).toBe(200);
  expect((await zoe(`${path}/documents/nothing.pdf`)).status).toBe(404);
  expect((await zoe('/v1/my/accesses')).json).toMatchObject({ atServices: [{ lines: [{}, {}] }] });
  const example = (at: string): Json => {
    const asked = document.paths[at]?.['post']?.requestBody as { content: Record<string, Json> } | undefined;
    return asked?.content['application/json']?.['example'] as Json;
  };
  const asked = { body: JSON.stringify(example('/v1/my/copy-requests')), headers: JSON_TYPE };
  expect((await zoe('/v1/my/copy-requests', asked)).status).toBe(202);
  expect((await zoe('/v1/my/copy-requests')).json).toHaveLength(1);
  expect((await person('doctor-b')('/v1/my/views')).status).toBe(403);

  const employer = person('employer-a');
  expect((await employer('/v1/employer/services')).json).not.toHaveLength(0);
  const cards = (await employer('/v1/employer/publications?limit=10')).json as unknown as Json[];
  expect(cards).toHaveLength(shown.length);
  for (const { id } of cards) expect((await employer(`/v1/employer/publications/${id}`)).status).toBe(200);
  expect((await employer('/v1/employer/publications/nothing')).status).toBe(404);
  const order = example('/v1/employer/declarations');
  const { key: _, ...form } = order;
  const check = (body: object) =>
    employer('/v1/employer/declarations/check', { body: JSON.stringify(body), headers: JSON_TYPE });
  expect((await check(form)).json).toMatchObject({ lines: [{ line: 1, findings: [] }] });
  expect((await check({ ...form, lines: [{}] })).json).toMatchObject({ lines: [{ findings: [{}] }] });
  const body = { body: JSON.stringify(order), headers: JSON_TYPE };
  const { json: sent } = await employer('/v1/employer/declarations', body);
  expect((await employer('/v1/employer/declarations')).json).toHaveLength(1);
  await eventually(async () => {
    const { json } = await employer(`/v1/employer/declarations/${String(sent['id'])}`);
    return json['lines'] !== undefined;
  });
  expect((await employer('/v1/employer/declarations/nothing')).status).toBe(404);
}
