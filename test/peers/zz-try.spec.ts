import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { writeSummary, writeCda } from '#documents';
import { CDA_WHOLE } from '../../libs/documents/fixtures/cda.ts';
import { complaints, judge, N3_PROFILES } from './cda-judge.ts';
const dmst = (n: string) => JSON.parse(readFileSync(`contracts/dmst-portability/samples/valid/${n}.json`, 'utf8'));
it('x', { timeout: 600000 }, () => {
  const docs = new Map(['response.full', 'response.minimal', 'response.summary', 'response.without-ins'].map((n) => [n, writeSummary(CDA_WHOLE, dmst(n))]));
  writeFileSync('/tmp/full.xml', docs.get('response.full')!);
  const t = Date.now();
  const v = judge(docs, [...N3_PROFILES]);
  console.log(Date.now() - t, v.map((x) => `${x.name} ${x.profile} ${x.fired} ${x.failed.length}`).join('\n'));
  expect(complaints(v)).toEqual([]);
});
