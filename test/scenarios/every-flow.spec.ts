/** The running broker takes every valid sample that a partner may send of its own accord, and journals it. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flows } from '#contracts';
import { contractFolder, eventType, type Flow, type ObjectContract, type PartnerKind } from '#core';
import { kindOf } from '../../apps/cli/src/demo/demo-home.ts';
import { DEMO_PARTNERS } from '../../apps/cli/src/pki/demo-partners.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';
import { openCampaigns } from '../builders/surveys.ts';
import { samples } from '../contracts/flow-samples.ts';

const EVERYBODY = DEMO_PARTNERS.map(({ id }) => id);

/** Answers need an exchange; INSi speaks by its own port. */
const SENT = flows
  .filter(({ contract }) => contract.flow !== 'insi')
  .flatMap((flow) =>
    samples(flow, 'valid').map((sample) => ({
      name: `${contractFolder(flow.contract)} ${sample.file}`,
      flow,
      sample,
      object: flow.contract.objects[sample.object] as ObjectContract,
    })),
  )
  .filter(
    ({ object }) => object.senders.length > 0 && object.answers !== true && object.requires.length === 0,
  );

let relais: TestRelais;

beforeAll(async () => {
  const features = flows.flatMap(({ contract: { feature } }) => (feature === undefined ? [] : [feature]));
  relais = await aRelais(
    {
      RELAIS_CAMPAIGNS: openCampaigns(),
      ...(features.length === 0 ? {} : { RELAIS_FEATURES: features.join(',') }),
    },
    { alsoKeysOf: EVERYBODY.filter((id) => !id.startsWith('spsti-') && id !== 'insi') },
  );
});

afterAll(() => relais.close());

describe('a partner that may send it', () => {
  it.each(SENT.map((one) => [one.name, one] as const))('sends %s', async (name, { flow, sample, object }) => {
    const sender = partnerOf(object.senders);
    const json: unknown = sample.path.endsWith('.json') ? JSON.parse(readFileSync(sample.path, 'utf8')) : {};
    const recipient =
      object.recipients.fixed ??
      partnerOf(object.recipients.kinds, sender, accepts(flow, sample.object, json));
    const answer = await relais.as(sender)('/v1/messages', {
      headers: {
        'content-type': object.mediaTypes[0] ?? '',
        'ce-specversion': '1.0',
        'ce-id': name.replace(' ', '/'),
        'ce-source': `urn:relais:partner:${sender}`,
        'ce-type': eventType(flow.contract.flow, sample.object, object.major),
        'ce-recipient': recipient,
      },
      body: readFileSync(sample.path),
    });
    expect(answer.json, answer.bytes.toString()).toMatchObject({
      flow: flow.contract.flow,
      status: expect.stringMatching(/^[a-z]+$/),
    });
    expect(answer.status).toBe(202);
  });
});

/** A content may say by itself to which of several recipients it belongs. */
function accepts(flow: Flow, object: string, json: unknown): (recipient: string) => boolean {
  const content = { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(json)), json };
  const check = flow.hooks[object]?.check;
  const findings = (recipients: string[]) =>
    check?.(content, { now: new Date().toISOString(), recipients }) ?? [];
  return (recipient) => findings([recipient]).length === findings([]).length;
}

function partnerOf(
  kinds: readonly PartnerKind[],
  other?: string,
  suits: (id: string) => boolean = () => true,
): string {
  const found = EVERYBODY.find((id) => id !== other && kinds.includes(kindOf(id)) && suits(id));
  if (found === undefined) throw new Error('no demo partner of that kind');
  return found;
}
