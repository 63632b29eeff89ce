/** What every refusal must be: its own code in French, nothing of what was sent, one line in the journal, no other trace. */
import { expect } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '#core';
import { binary, content, journalAfter, lastEntry, REQUEST, rows, settled } from './intake.ts';
import type { Answer, TestRelais } from './relais.ts';

/** To stand in bad messages; nothing of ours may repeat it. */
export const SECRET = 'TCHITCHI-2550699900001';

/** It, and the persons of the samples. */
export const TRAITS = /TCHITCHI|HOUILLES|ADRUN|ADRTROIS|2550699900001|2751263220749|FICTIF|EXEMPLE/;

export type Send = () => Promise<Answer | undefined>;

/** The good request with some members changed. */
export const requestWith = (changes: Record<string, unknown>) => JSON.stringify({ ...content, ...changes });
export const deep = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
export const invalidUtf8 = Buffer.concat([
  Buffer.from('{"a":"'),
  Buffer.of(0xff, 0xc0, 0xaf),
  Buffer.from('"}'),
]);

/** A whole problem of RFC 9457, of that code. @returns its occurrence: the id of the entry that tells of it */
export function isProblem(answer: Answer | undefined, code: ErrorCode): string {
  const [status, title] = ERROR_CODES[code];
  expect(answer?.json).toMatchObject({ status, code, title, type: `urn:relais:problem:${code}` });
  expect(answer?.status).toBe(status);
  expect(answer?.headers['content-type']).toMatch(/^application\/problem\+json/);
  const known = ['type', 'title', 'status', 'code', 'detail', 'instance', 'errors'];
  expect(known).toEqual(expect.arrayContaining(Object.keys(answer?.json ?? {})));
  expect(answer?.bytes.toString()).not.toMatch(TRAITS);
  return /^urn:uuid:([0-9a-f-]{36})$/.exec(String(answer?.json['instance']))?.[1] ?? 'none';
}

/** One refusal, told once in the journal under the instance of the problem, and no other trace. */
export async function isRefused(
  relais: TestRelais,
  send: Send,
  code: ErrorCode,
  actor = 'spsti-b',
): Promise<void> {
  await settled(relais);
  const [before, from] = [await rows(relais), await lastEntry(relais)];
  const instance = isProblem(await send(), code);
  expect(await rows(relais)).toEqual(before);
  const told = await journalAfter(relais, from);
  expect(told).toEqual([
    expect.objectContaining({ id: instance, actor, details: expect.objectContaining({ code }) }),
  ]);
  expect(JSON.stringify(told)).not.toMatch(TRAITS);
  expect(told[0]?.kind).toMatch(/^(message|request)\.refused$/);
}

export async function theNextPasses(relais: TestRelais): Promise<void> {
  const answer = await relais.as('spsti-b')('/v1/messages', { headers: binary(), body: REQUEST });
  expect(answer).toMatchObject({ status: 202, json: { status: 'accepted' } });
}
