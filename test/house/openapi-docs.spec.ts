/** Pages made from the contracts and from the routes: what is committed is what would be written today. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flows } from '#contracts';
import { contractFolder, type Finding, type Flow } from '#core';
import { controllers } from '../../apps/broker/src/controllers.ts';
import { openApiDocument } from '../../apps/broker/src/openapi/document.ts';
import { flowMap } from '../../apps/cli/src/docs/flow-map.ts';
import { flowPage } from '../../apps/cli/src/docs/flow-page.ts';
import { routesPage } from '../../apps/cli/src/docs/routes-page.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Codes of rules, each with the bad samples whose expected findings name it. */
function findingsOf({ contract }: Flow): Map<string, string[]> {
  const folder = join(ROOT, 'contracts', contractFolder(contract), 'samples/invalid');
  const codes = new Map<string, string[]>();
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.findings.json')) continue;
    const expected = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Pick<Finding, 'code'>[];
    for (const code of new Set(expected.map((finding) => finding.code)))
      codes.set(code, [...(codes.get(code) ?? []), name.replace('.findings.json', '')]);
  }
  return codes;
}

function schemaFiles({ contract }: Flow): string[] {
  const names = readdirSync(join(ROOT, 'contracts', contractFolder(contract), 'schemas'));
  return names.map((name) => name.replace(/\.json$/, ''));
}

function pageOf({ contract }: Flow): string {
  return `${contractFolder(contract).replace('/', '.')}.md`;
}

describe('the generated pages', () => {
  it.each(flows.map((flow) => [pageOf(flow), flow] as const))(
    'say the contract of %s',
    async (name, flow) => {
      const page = flowPage(flow, findingsOf(flow), schemaFiles(flow));
      await expect(page).toMatchFileSnapshot(join(ROOT, 'docs/flows', name));
    },
  );

  it('map the business objects', async () => {
    await expect(flowMap(flows)).toMatchFileSnapshot(join(ROOT, 'docs/flows/README.md'));
  });

  it('are of no flow that is gone', () => {
    const known = ['README.md', ...flows.map(pageOf)];
    expect(readdirSync(join(ROOT, 'docs/flows')).filter((page) => !known.includes(page))).toEqual([]);
  });

  it('list every route', async () => {
    const ports = { partners: 8443, people: 8444, health: 9464 };
    const document = openApiDocument({ controllers, flows, samples: {}, ports, peopleTls: true });
    await expect(routesPage(document)).toMatchFileSnapshot(join(ROOT, 'docs/api/routes.md'));
  });
});
