/** What the INSi scenarios share: searches by a service’s software, and the answers that come as messages. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Json } from './portability.ts';
import { type Answer, eventually, type TestRelais } from './relais.ts';

/** `NAME, GIVEN GIVEN`, as JSON. */
export function traits(names: string, sex: string, birthDate: string, birthPlace?: string): Json {
  const [birthName, list = ''] = names.split(', ');
  return {
    birthName,
    firstNames: list.split(' '),
    sex,
    birthDate,
    ...(birthPlace === undefined ? {} : { birthPlace }),
  };
}

export const ask = (
  relais: TestRelais,
  partner: string,
  path: string,
  body: Json,
  id?: string,
): Promise<Answer> =>
  relais.as(partner)(`/v1/insi/${path}`, {
    body: JSON.stringify(body),
    ...(id === undefined ? {} : { headers: { 'ce-id': id } }),
  });

/** What the service decrypted of the answer to its message, as the contract's schema has it. */
export async function resultOf(
  relais: TestRelais,
  service: Awaited<ReturnType<TestRelais['service']>>,
  id: string,
  seconds?: number,
): Promise<Json> {
  const event = await eventually(
    async () =>
      service.received.find((one) => one.type === 'fr.relais-st.insi.result.v1' && one.correlationid === id),
    seconds,
  );
  expect(event.sender).toBe('insi');
  const result = JSON.parse(readFileSync(event.files[0] ?? '', 'utf8')) as Json;
  expect(relais.broker.engine.stages.flows.of('insi')?.schemaFindings('result', result)).toEqual([]);
  return result;
}
