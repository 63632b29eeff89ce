import { expect, it } from 'vitest';
import { flows } from '#contracts';
import { compileSchemas, findingsOf } from '#core';
import { COMPANY_FILE, companyFile } from './company-file.ts';

const flow = flows.find(({ contract }) => contract.flow === COMPANY_FILE.flow);

it.each([1_000, 50_000, 500_000])('is %i bytes that the contract finds nothing to say about', (bytes) => {
  const contract = flow?.contract.objects[COMPANY_FILE.schema];
  if (flow === undefined || contract === undefined) throw new Error('no such flow');
  const content = companyFile(bytes);
  expect(content.length).toBe(bytes);
  const findings = findingsOf(
    { mediaType: 'application/json', bytes: content, json: JSON.parse(content.toString()) },
    {
      inForce: { flow, open: true, hash: '', schemaFindings: compileSchemas(flow) },
      flow: COMPANY_FILE.flow,
      object: COMPANY_FILE.schema,
      contract,
    },
    { now: '2026-07-01T08:00:00.000Z', recipients: [COMPANY_FILE.recipient] },
  );
  expect(findings).toEqual([]);
});
