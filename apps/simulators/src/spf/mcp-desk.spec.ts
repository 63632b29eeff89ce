import { describe, expect, it } from 'vitest';
import type { OpenedPart, RelaisClient } from '#client';
import type { DeskAnswer, DeskDelivery } from '../partner/index.ts';
import { mcpDesk } from './mcp-desk.ts';

const field = (name: string, constraints: object = {}, type = 'string') => ({ name, type, constraints });
const SCHEMA = JSON.stringify({
  resources: [
    {
      name: 'tableau-de-bord',
      schema: {
        fields: [
          field('campaign', { required: true }),
          field('pcs', { pattern: '[1-6][0-9]' }),
          field('mcp', {}, 'boolean'),
        ],
      },
    },
    {
      name: 'signalements',
      schema: {
        fields: ['campaign', 'pathology', 'table_regime', 'table_number'].map((name) => field(name)),
      },
    },
  ],
});
const LINES = 'campaign,pcs,mcp\r\nmcp-1,62,false\r\nmcp-1,62,true\r\n';
const REPORTS = 'campaign,pathology,table_regime,table_number\r\nmcp-1,M75,RG,57\r\n';

let messages = 0;

async function told(
  lines: string,
  reports: string,
  delivery: Partial<DeskDelivery> = {},
  client = { partner: 'spf' } as RelaisClient,
): Promise<DeskAnswer['acknowledgement']> {
  const parts = [lines, reports, SCHEMA].map(
    (text, n) => ({ n: n + 1, audience: 'enc', content: Buffer.from(text) }) as unknown as OpenedPart,
  );
  messages += 1;
  const given = { messageId: `m-${messages}`, sender: 'spsti-a', parts, ...delivery } as DeskDelivery;
  return (await mcpDesk(given, client))?.acknowledgement;
}

describe('Santé publique France', () => {
  it('accepts lines and reports that say the same', async () => {
    expect(await told(LINES, REPORTS)).toMatchObject({
      outcome: 'accepted',
      counts: { received: 3, accepted: 3, refused: 0 },
    });
  });

  it('tells coding errors by line, and takes the rest', async () => {
    const lines = `${LINES}mcp-1,63,true\r\nmcp-1,63,true\r\n`;
    const reports = `${REPORTS}mcp-1,Z56,RG,57\r\nmcp-1,M54,RG,400\r\n`;
    expect(await told(lines, reports)).toMatchObject({
      outcome: 'partial',
      counts: { received: 7, accepted: 5, refused: 2 },
      items: [
        { line: 2, code: 'coding-pathology' },
        { line: 3, code: 'coding-table' },
      ],
    });
  });

  it.each([
    ['a value that the schema does not allow', LINES.replace('62,true', '628b,true'), REPORTS],
    ['a required value that is absent', LINES.replace('mcp-1,62,true', ',62,true'), REPORTS],
    ['a word for yes', LINES.replace('true', 'oui'), REPORTS],
    ['other columns than those described', LINES.replace('pcs', 'profession'), REPORTS],
    ['a report without its line', LINES.replace('true', 'false'), REPORTS],
    ['no line at all', 'campaign,pcs,mcp\r\n', 'campaign,pathology,table_regime,table_number\r\n'],
  ])('refuses %s', async (_, lines, reports) => {
    expect(await told(lines, reports)).toMatchObject({
      outcome: 'refused',
      items: [{ code: 'not-conforming' }],
    });
  });

  it('takes a deposit once from a service, whatever the number of tries of one message', async () => {
    const client = { partner: 'spf' } as RelaisClient;
    const first = { messageId: 'first' };
    expect(await told(LINES, REPORTS, first, client)).toMatchObject({ outcome: 'accepted' });
    expect(await told(LINES, REPORTS, first, client)).toMatchObject({ outcome: 'accepted' });
    expect(await told(LINES, REPORTS, {}, client)).toMatchObject({ items: [{ code: 'duplicate-deposit' }] });
    expect(await told(LINES, REPORTS, { sender: 'spsti-b' }, client)).toMatchObject({ outcome: 'accepted' });
  });
});
