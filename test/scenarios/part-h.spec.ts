/** Part H: what only health professionals may read, in every flow that has some. */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compactDecrypt, decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flows } from '#contracts';
import { fullDmst, opposedToTransmission } from '../../apps/cli/src/generate/dmst.ts';
import { createWorld, take } from '../../apps/cli/src/generate/world.ts';
import { DEMO_PARTNERS, type DemoPartner } from '../../apps/cli/src/pki/demo-partners.ts';
import dmstSchema from '../../contracts/dmst-portability/schemas/dmst.json' with { type: 'json' };
import companyFileSchema from '../../contracts/internal-company-file/schemas/company-file.json' with {
  type: 'json',
};
import { everythingIn } from '../attacks/everything-in.ts';
import { healthValues, squeezed } from '../builders/health-values.ts';
import {
  aDmst,
  answerBy,
  asked,
  DAY,
  type ExchangeRow,
  exchangesOf,
  type Json,
  mailbox,
  until,
  ZOE,
} from '../builders/portability.ts';
import { type Answer, aRelais, eventually, type TestRelais } from '../builders/relais.ts';
import { judgedBy } from '../peers/programs.ts';

const CONTRACTS = join(import.meta.dirname, '../../contracts');
const sample = (path: string) => JSON.parse(readFileSync(join(CONTRACTS, path), 'utf8')) as Json;
/** A health professional's tool inside a service: beside the service's key it holds that of part H. */
const INTERNAL: DemoPartner = {
  ...(DEMO_PARTNERS.find(({ id }) => id === 'internal-a') as DemoPartner),
  readers: ['enc', 'enc-h'],
};

let relais: TestRelais;

beforeAll(async () => {
  relais = await aRelais({}, { alsoKeysOf: ['cnam-medical', INTERNAL] });
  await relais.partner('cnam-medical');
  for (const account of ['iprp-b', 'secretary-b'])
    await relais.by('doctor-b')('/v1/delegations', {
      body: JSON.stringify({ account, to: new Date(Date.now() + DAY).toISOString() }),
    });
});
afterAll(() => relais.close());

/** A dossier asked for by service b and answered by hand. */
async function answered(answer: Omit<Parameters<typeof answerBy>[3], 'id'>) {
  const request = await asked(relais);
  await eventually(async () => exchangesOf(relais, request).length === 1);
  const [exchange] = exchangesOf(relais, request) as [ExchangeRow];
  const messageId = idOf(await answerBy(relais, 'spsti-a', exchange, answer));
  return { request, messageId };
}

function idOf({ status, json }: Answer): string {
  if (status !== 202) throw new Error(JSON.stringify(json));
  return json['id'] as string;
}

async function send(type: string, recipient: string, json: unknown): Promise<string> {
  const answer = await relais.as('spsti-a')('/v1/messages', {
    body: JSON.stringify(json),
    headers: {
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-id': `part-h-${type}`,
      'ce-source': 'urn:relais:partner:spsti-a',
      'ce-type': `fr.relais-st.${type}.v1`,
      'ce-recipient': recipient,
    },
  });
  return idOf(answer);
}

interface Sealed {
  audience: 'enc' | 'enc-h';
  jwe: string;
}

/** Every part as the recipient fetches it, by the certificate it is sealed to. */
async function sealedParts(partner: string, wanted: (event: Json) => boolean): Promise<Sealed[]> {
  const event = await eventually(async () => (await mailbox(relais, partner)).find(wanted), 20);
  const data =
    typeof event['data'] === 'string'
      ? event['data']
      : Buffer.from(String(event['data_base64']), 'base64').toString();
  const jwes =
    event['datacontenttype'] === 'application/jose'
      ? [data]
      : await Promise.all(
          (decodeJwt(data)['parts'] as { n: number }[]).map(async ({ n }) => {
            const path = `/v1/deliveries/${String(event['relaisdelivery'])}/parts/${n}`;
            return (await relais.as(partner)(path)).bytes.toString();
          }),
        );
  const health = thumbprint(relais.demo.paths.partner(partner).encH.crt);
  const own = thumbprint(relais.demo.paths.partner(partner).enc.crt);
  return jwes.map((jwe) => {
    const { kid } = decodeProtectedHeader(jwe);
    if (kid !== health && kid !== own) throw new Error('sealed to nobody here');
    return { audience: kid === health ? 'enc-h' : 'enc', jwe };
  });
}

function thumbprint(file: string): string {
  return createHash('sha256')
    .update(new X509Certificate(readFileSync(file)).raw)
    .digest('base64url');
}

async function openWith(partner: string, key: 'enc' | 'encH', { jwe }: Sealed): Promise<Buffer> {
  const pem = readFileSync(relais.demo.paths.partner(partner)[key].key);
  const { plaintext } = await compactDecrypt(jwe, createPrivateKey(pem));
  // the inner signature, a line of its own, then the content
  return Buffer.from(plaintext.subarray(plaintext.indexOf(0x0a) + 1));
}

/** All that can be read in it, whatever is packed in what. */
function readable(bytes: Uint8Array): string {
  return squeezed(
    everythingIn(bytes)
      .map((one) => one.toString())
      .join('\n'),
  );
}

const saysAny = (bytes: Uint8Array, values: readonly string[]) => {
  const text = readable(bytes);
  return values.filter((value) => text.includes(squeezed(value)));
};

/** A dossier without what both parts lose. */
const withoutThirdParties = ({ thirdPartyInfo: _, ...dossier }: Json): Json => dossier;

const FULL = withoutThirdParties(JSON.parse(aDmst().toString()) as Json);
const COMPANY = sample('internal-company-file/samples/valid/company-file.with-workers.json');
const OPPOSED = { code: 'R01', detail: 'Opposition du 3 mars, courrier au dossier' };

/** Flow and object; who receives it, how it gets there, what part H alone says, whether there is a part A at all. */
const CASES: Record<
  string,
  { recipient: string; send: () => Promise<(event: Json) => boolean>; hidden: string[]; parts: string[] }
> = {
  'dmst-portability response': {
    recipient: 'spsti-b',
    send: async () => byId((await answered({ body: JSON.stringify(FULL) })).messageId),
    hidden: healthValues(dmstSchema, FULL),
    parts: ['enc', 'enc-h'],
  },
  'dmst-portability refusal': {
    recipient: 'spsti-b',
    send: async () => byId((await answered({ object: 'refusal', body: JSON.stringify(OPPOSED) })).messageId),
    hidden: Object.values(OPPOSED),
    parts: ['enc', 'enc-h'],
  },
  'medical-adviser reply': {
    recipient: 'spsti-a',
    send: async () => {
      await send(
        'medical-adviser.extract',
        'cnam-medical',
        sample('medical-adviser/samples/valid/extract.pre-return.json'),
      );
      return ({ type }) => String(type).includes('.reply.');
    },
    hidden: ['ESSAI-ENCADRE', 'FAVORABLE'],
    parts: ['enc-h'],
  },
  'internal-company-file company-file': {
    recipient: 'internal-a',
    send: async () => byId(await send('internal-company-file.company-file', 'internal-a', COMPANY)),
    hidden: healthValues(companyFileSchema, COMPANY),
    parts: ['enc', 'enc-h'],
  },
};

function byId(messageId: string): (event: Json) => boolean {
  return ({ id }) => id === messageId;
}

judgedBy(['pdftotext', 'qpdf'], 'a part sealed for health professionals', () => {
  it.each(Object.entries(CASES))(
    '%s: the service’s own key does not open it, theirs does',
    async (_, one) => {
      const sealed = await sealedParts(one.recipient, await one.send());
      expect(sealed.map(({ audience }) => audience)).toEqual(one.parts);
      expect(one.hidden.length).toBeGreaterThan(1);
      for (const part of sealed) {
        if (part.audience === 'enc') {
          expect(saysAny(await openWith(one.recipient, 'enc', part), one.hidden)).toEqual([]);
          continue;
        }
        await expect(openWith(one.recipient, 'enc', part)).rejects.toThrow('decryption operation failed');
        expect(saysAny(await openWith(one.recipient, 'encH', part), one.hidden)).toEqual(one.hidden);
      }
    },
  );

  it('and these are all the flows that have one, but for batches of what is above', () => {
    const withHealth = flows.flatMap(({ contract }) =>
      Object.entries(contract.objects)
        .filter(([, { audience, optionalAudiences = [] }]) =>
          [audience, ...optionalAudiences].includes('enc-h'),
        )
        .map(([object]) => `${contract.flow} ${object}`),
    );
    // the public code of a refusal is for everybody, its contract divides it
    const told = [...withHealth, 'dmst-portability refusal'];
    expect([...new Set(told)].toSorted()).toEqual(
      [...Object.keys(CASES), 'internal-company-file company-file-batch'].toSorted(),
    );
  });
});

judgedBy(['pdftotext', 'qpdf'], 'whoever is no health professional', () => {
  const invented = [...take(createWorld({ seed: 11 }).workers(), 60)]
    .filter((worker) => !opposedToTransmission(worker) && worker.dossier.pdp.length > 0)
    .slice(0, 2)
    .map((worker) => {
      const dossier = withoutThirdParties(fullDmst(worker) as unknown as Json);
      return { ...dossier, identity: { ...(FULL['identity'] as Json), ...ZOE } };
    });
  const dossiers: [string, Json][] = [
    ['the full sample', FULL],
    ...invented.map((dossier, n): [string, Json] => [`invented dossier ${n + 1}`, dossier]),
  ];

  it.each(dossiers)('reads nothing of it by the API nor in the PDF of %s', async (_, dossier) => {
    const hidden = healthValues(dmstSchema, dossier);
    expect(hidden.length).toBeGreaterThan(10);
    const { lastVisitAt } = dossier['closure'] as { lastVisitAt: string };
    const { request, messageId } = await answered({ body: JSON.stringify(dossier), lastvisit: lastVisitAt });
    const path = `/v1/dmst-requests/${request}`;
    const whole = await eventually(async () => {
      const page = await relais.by('doctor-b')(`${path}/summary.pdf`);
      return page.status === 200 && page;
    });
    // so that not finding means something
    expect(saysAny(whole.bytes, hidden)).toEqual(hidden);
    const { relaisdelivery: deliveryId } = await eventually(async () =>
      (await mailbox(relais, 'spsti-b')).find(byId(messageId)),
    );
    for (const account of ['iprp-b', 'secretary-b'] as const) {
      const see = relais.by(account);
      const page = await see(`${path}/summary.pdf`);
      expect(page.status).toBe(200);
      expect(readable(page.bytes)).toContain(ZOE.birthName);
      for (const answer of [page, await see(path), await see('/v1/dmst-requests')])
        expect(saysAny(answer.bytes, hidden)).toEqual([]);
      for (const elsewhere of [
        `/v1/deliveries/${String(deliveryId)}/parts/2`,
        `/v1/messages/${messageId}`,
        '/v1/mailbox',
      ])
        expect((await see(elsewhere)).status, elsewhere).toBeGreaterThanOrEqual(401);
    }
  });
});

describe('a refusal', () => {
  it('shows nobody at the API that the worker objected', async () => {
    const { request } = await answered({ object: 'refusal', body: JSON.stringify(OPPOSED) });
    await until(relais, request, ({ state }) => state === 'REFUSED');
    for (const account of ['doctor-b', 'iprp-b', 'secretary-b'] as const) {
      const { bytes } = await relais.by(account)(`/v1/dmst-requests/${request}`);
      expect(bytes.toString()).not.toMatch(/R01|pposition|courrier/);
    }
  });
});
