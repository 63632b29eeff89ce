/** What the recipients of sumer, mcp and evrest decrypt, made of invented workers: nothing in it is anybody's own value. */
import { describe, expect, it } from 'vitest';
import { flowOf } from '#contracts';
import type { HookContext } from '#core';
import { contentTools } from '../../apps/broker/src/engine/content-tools.ts';
import { evrestWorkers, generateEvrest } from '../../apps/cli/src/generate/evrest.ts';
import type { Generated } from '../../apps/cli/src/generate/generated.ts';
import { generateMcp } from '../../apps/cli/src/generate/mcp.ts';
import { generateSumer } from '../../apps/cli/src/generate/sumer.ts';
import { createWorld, take, type Worker } from '../../apps/cli/src/generate/world.ts';
import { IdentityHunt, type Trace, type Wanted } from './identity-hunt.ts';

const WORKERS = 5_000;
const world = createWorld({ seed: 7 });
const workers = [...take(world.workers(), WORKERS)];
const inTheSample = new Set([...take(evrestWorkers(world), 400)].map(({ serial }) => serial));
const sampled = workers.filter(({ serial }) => inTheSample.has(serial)).length;

/** The text of every part that would be sealed for the recipient. */
function delivered(flow: string, { object, json }: Generated): string {
  const content = { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(json)), json };
  const divided = flowOf(flow)?.hooks[object]?.divide?.(content, { tools: contentTools } as HookContext);
  const parts = divided?.parts.map(({ bytes }) => Buffer.from(bytes ?? []).toString());
  return (parts ?? [content.bytes.toString()]).join('\n');
}

const OUTPUTS: readonly (readonly [string, () => string[]])[] = [
  ['sumer', () => [...take(generateSumer(world), WORKERS)].map((one) => delivered('sumer', one))],
  ['mcp', () => [...take(generateMcp(world), WORKERS / 12)].map((one) => delivered('mcp', one))],
  ['evrest', () => [...take(generateEvrest(world), sampled)].map((one) => delivered('evrest', one))],
];

function wanted({ dossier, matricule }: Worker): Wanted {
  const { birthName, firstNames, usedName, birthDate, contact } = dossier.identity;
  return {
    ins: matricule,
    birthName,
    firstNames,
    usedName,
    birthDate,
    address: contact?.address,
    phone: contact?.phone,
    email: contact?.email,
  };
}

const hunt = new IdentityHunt(workers.map(wanted));

/** A worker who has everything that can be planted. */
const someone = workers.map(wanted).find(({ email, phone, address }) => email && phone && address) as Wanted;

const PLANTED: readonly (readonly [Trace, string, string])[] = [
  ['ins', 'the matricule', someone.ins.value],
  ['ins', 'the matricule with its key', someone.ins.value + someone.ins.key],
  [
    'ins',
    'the matricule as people write it',
    someone.ins.value.replace(/^(.)(..)(..)(..)(...)(...)$/, '$1 $2 $3 $4 $5 $6'),
  ],
  ['name', 'the name', someone.birthName.toLowerCase()],
  ['name', 'a first name', someone.firstNames[0] ?? ''],
  ['name', 'both in one word', `${someone.birthName}${someone.firstNames[0]}`.replace(/[^\p{L}]/gu, '')],
  ['birth date', 'the birth date', someone.birthDate],
  ['birth date', 'the birth date as people write it', someone.birthDate.split('-').toReversed().join('/')],
  ['birth date', 'the birth date without signs', someone.birthDate.replaceAll('-', '')],
  ['phone', 'the telephone number', (someone.phone ?? '').replaceAll(' ', '.')],
  ['email', 'the e-mail address', someone.email ?? ''],
  ['encoded', 'the matricule in hexadecimal', Buffer.from(someone.ins.value).toString('hex')],
  ['encoded', 'the matricule in base64', Buffer.from(someone.ins.value).toString('base64')],
];

describe.each(OUTPUTS)('%s', (flow, make) => {
  const outputs = make();

  it.each(PLANTED)('%s: %s, planted, is found', (trace, _, value) => {
    const planted = `${outputs[0]}\r\n${value},1`;
    expect([...hunt.in(planted).keys()]).toContain(trace);
  });

  it('holds no value of any of the workers', () => {
    expect(outputs.length).toBeGreaterThan(flow === 'sumer' ? WORKERS - 1 : 100);
    expect(hunt.in(outputs.join('\n'))).toEqual(new Map());
  });
});
