import { expect, it } from 'vitest';
import { flow } from './index.ts';
import search from './samples/valid/search.adrun.json' with { type: 'json' };
import verify from './samples/valid/verify.nia.json' with { type: 'json' };

it.each([
  ['search', search],
  ['verify', verify],
])('the body of %s is the question, asked by a person of the service', (object, json) => {
  const content = { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(json)), json };
  expect(flow.hooks[object]?.identity?.(content, 'spsti-a', [])).toEqual({
    spsti: 'spsti-a',
    startedBy: 'person',
    ...json,
  });
});
