import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import PDFDocument from 'pdfkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import schema from '../../contracts/dmst-portability/schemas/dmst.json' with { type: 'json' };
import { visiblePart } from '../../libs/core/src/index.ts';
import {
  aDmst,
  aDossier,
  answerBy,
  arrived,
  asked,
  DAY,
  type ExchangeRow,
  exchangesOf,
  journal,
  until,
} from '../builders/portability.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';
import { judgedBy, run } from '../peers/programs.ts';

async function aVendorPdf(): Promise<Buffer> {
  const pdf = new PDFDocument({ compress: false });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve) => pdf.on('end', resolve));
  pdf.text('Dossier de ADRUN ZOE, logiciel du service A');
  pdf.end();
  await ended;
  return Buffer.concat(chunks);
}

let relais: TestRelais;
let b: Spsti;
beforeAll(async () => {
  relais = await aRelais();
  b = await relais.service('spsti-b');
  for (const account of ['iprp-b', 'secretary-b']) {
    await relais.by('doctor-b')('/v1/delegations', {
      body: JSON.stringify({ account, to: new Date(Date.now() + DAY).toISOString() }),
    });
  }
});
afterAll(() => relais.close());

/** A request answered by hand. */
async function answered(
  answer: Parameters<typeof answerBy>[3],
  changes = {},
): Promise<{ id: string; exchange: ExchangeRow; messageId: string }> {
  const id = await asked(relais, changes);
  await eventually(async () => exchangesOf(relais, id).length === 1);
  const [exchange] = exchangesOf(relais, id) as [ExchangeRow];
  const sent = await answerBy(relais, 'spsti-a', exchange, answer);
  if (sent.status !== 202) throw new Error(JSON.stringify(sent.json));
  await until(relais, id, arrived);
  return { id, exchange, messageId: sent.json['id'] as string };
}

const summary = (account: 'doctor-b' | 'iprp-b' | 'secretary-b', id: string) =>
  relais.by(account)(`/v1/dmst-requests/${id}/summary.pdf`);

describe('a vendor’s own PDF is wholly for health professionals', () => {
  let id: string;
  let messageId: string;
  let pdf: Buffer;
  beforeAll(async () => {
    pdf = await aVendorPdf();
    ({ id, messageId } = await answered({ mediaType: 'application/pdf', body: pdf }));
  });

  it('the doctor and the software with the health key get it byte for byte', async () => {
    const opened = await summary('doctor-b', id);
    expect(opened).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/pdf', 'cache-control': 'no-store' },
    });
    expect(opened.bytes.equals(pdf)).toBe(true);
    const { files } = await eventually(async () => b.received.find((one) => one.messageId === messageId));
    expect(files).toHaveLength(1);
    expect(readFileSync(files[0] ?? '').equals(pdf)).toBe(true);
  });

  it.each(['iprp-b', 'secretary-b'] as const)(
    '%s is told that it does not divide, and that is no opening',
    async (account) => {
      const before = journal(relais).filter(({ kind }) => kind === 'dossier.opened').length;
      expect(await summary(account, id)).toMatchObject({ status: 403, json: { code: 'part.not-separable' } });
      expect(journal(relais).filter(({ kind }) => kind === 'dossier.opened')).toHaveLength(before);
    },
  );

  it('once its copy is purged it is gone for everybody alike', async () => {
    relais.advance(31 * DAY);
    await eventually(async () => (await summary('doctor-b', id)).status === 404);
    // the delegation is over by then: this one is new
    await relais.by('doctor-b')('/v1/delegations', {
      body: JSON.stringify({ account: 'iprp-b', to: new Date(Date.now() + 40 * DAY).toISOString() }),
    });
    await relais.by('doctor-b')('/v1/delegations', {
      body: JSON.stringify({ account: 'secretary-b', to: new Date(Date.now() + 40 * DAY).toISOString() }),
    });
    expect(await summary('iprp-b', id)).toMatchObject({ status: 404, json: { code: 'not-found' } });
  });

  const hostile: [string, (pdf: Buffer) => Buffer, string][] = [
    [
      'a script',
      (good) =>
        Buffer.from(
          good
            .toString('latin1')
            .replace('/Type /Catalog', '/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >>'),
          'latin1',
        ),
      'content.active',
    ],
    ['no PDF at all', () => Buffer.from('<html></html>'), 'content.active'],
    ['nothing', () => Buffer.alloc(0), 'content.active'],
    ['half of it', (good) => good.subarray(0, good.length / 2), 'content.active'],
  ];
  it.each(hostile)('%s: refused, the exchange still awaits', async (_, spoil, code) => {
    const request = await asked(relais);
    await eventually(async () => exchangesOf(relais, request).length === 1);
    const [exchange] = exchangesOf(relais, request) as [ExchangeRow];
    const answer = await answerBy(relais, 'spsti-a', exchange, {
      mediaType: 'application/pdf',
      body: spoil(pdf),
    });
    expect(answer).toMatchObject({ status: 422, json: { code } });
    expect(exchangesOf(relais, request)[0]?.answer_id).toBeNull();
  });
});

/** Every text inside a value. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

judgedBy(['pdftotext', 'qpdf'], 'a structured dossier is divided', () => {
  const whole = JSON.parse(aDmst().toString()) as { thirdPartyInfo?: unknown } & Record<string, unknown>;
  const { thirdPartyInfo, ...kept } = whole;
  const partA = visiblePart(schema, kept);
  const inA = JSON.stringify(partA);
  /** What only health professionals may read, long enough not to be a word of the page by chance. */
  const secret = [...new Set(texts(kept))].filter(
    (text) => text.length >= 6 && !/^\d{4}-\d{2}-\d{2}$/.test(text) && !inA.includes(text),
  );
  const thirdParty = texts(thirdPartyInfo).filter(
    (text) => text.length >= 6 && !/^\d{4}-\d{2}-\d{2}$/.test(text) && !JSON.stringify(kept).includes(text),
  );

  let id: string;
  let messageId: string;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(relais.demo.home, 'pdf-'));
    ({ id, messageId } = await answered({ body: aDmst() }));
  });

  function read(pdf: Buffer, name: string): { text: string; attachment: string } {
    const file = join(folder, `${name}.pdf`);
    writeFileSync(file, pdf);
    run('qpdf', ['--check', file]);
    const into = mkdtempSync(join(folder, 'detached-'));
    run('pdfdetach', ['-saveall', '-o', into, file]);
    expect(readdirSync(into)).toEqual(['dmst.json']);
    return {
      text: run('pdftotext', ['-raw', file, '-']).toString().replace(/\s+/g, ' '),
      attachment: readFileSync(join(into, 'dmst.json'), 'utf8'),
    };
  }

  it('the samples hold something to hide', () => {
    expect(secret.length).toBeGreaterThan(50);
    expect(thirdParty.length).toBeGreaterThan(0);
  });

  it.each(['iprp-b', 'secretary-b'] as const)(
    '%s reads part A, in which nothing of part H is',
    async (account) => {
      const answer = await summary(account, id);
      expect(answer.status).toBe(200);
      const { text, attachment } = read(answer.bytes, account);
      expect(JSON.parse(attachment)).toEqual(partA);
      expect(text).toContain('ADRUN');
      for (const hidden of [...secret, ...thirdParty]) {
        expect(attachment).not.toContain(hidden);
        expect(text).not.toContain(hidden.replace(/\s+/g, ' '));
      }
      // nor in the bytes, in a stream that no reader shows
      const plain = run('qpdf', [
        '--qdf',
        '--object-streams=disable',
        join(folder, `${account}.pdf`),
        '-',
      ]).toString('latin1');
      for (const hidden of secret.filter((text_) => /^[\x20-\x7e]+$/.test(text_)))
        expect(plain).not.toContain(hidden);
    },
  );

  it('the doctor reads the whole, third parties removed and counted', async () => {
    const { text, attachment } = read((await summary('doctor-b', id)).bytes, 'doctor');
    expect(JSON.parse(attachment)).toEqual(kept);
    for (const other of thirdParty) expect(text + attachment).not.toContain(other);
    const { json } = await relais.as('spsti-a')(`/v1/messages/${messageId}/trace`);
    const prepared = (json['steps'] as unknown as { kind: string; details: object }[]).find(
      ({ kind }) => kind === 'message.prepared',
    );
    expect(prepared?.details).toMatchObject({ removed: (thirdPartyInfo as unknown[]).length });
  });

  it('the service’s software gets both, each under its own key', async () => {
    const { files } = await eventually(async () => b.received.find((one) => one.messageId === messageId));
    expect(files.map((file) => file.slice(-6))).toEqual(['-A.pdf', '-H.pdf']);
    expect(read(readFileSync(files[0] ?? ''), 'soft-a').attachment).toBe(
      read((await summary('iprp-b', id)).bytes, 'iprp').attachment,
    );
    expect(readFileSync(files[1] ?? '').equals((await summary('doctor-b', id)).bytes)).toBe(true);
  });

  it('the matricule and its datamatrix are printed only for a qualified identity', async () => {
    const SCAN = 'INS à scanner';
    expect(read((await summary('doctor-b', id)).bytes, 'qualified').text).toContain(SCAN);
    const without = await answered({ body: aDmst({ identity: { ins: undefined } }) });
    const { text, attachment } = read((await summary('doctor-b', without.id)).bytes, 'without');
    expect(text).not.toContain(SCAN);
    expect(text + attachment).not.toMatch(/2751263220749|2 75 12 63 220 749/);
  });

  it('a dossier with an opposition in force is not taken: the source must refuse', async () => {
    const request = await asked(relais);
    await eventually(async () => exchangesOf(relais, request).length === 1);
    const [exchange] = exchangesOf(relais, request) as [ExchangeRow];
    const opposed = JSON.parse(aDmst().toString()) as { rights: Record<string, unknown> };
    opposed.rights['oppositions'] = [{ right: 2, date: '2026-01-02' }];
    const answer = await answerBy(relais, 'spsti-a', exchange, { body: JSON.stringify(opposed) });
    expect(answer).toMatchObject({ status: 422, json: { code: 'content.invalid' } });
  });
});

describe('a source’s software that answers by itself', () => {
  it('sends its most recent file of that worker, or says that it has none', async () => {
    const pdf = await aVendorPdf();
    await relais.service('spsti-a', {
      dossiers: [
        aDossier({ lastVisit: '2019-01-10' }),
        aDossier({ mediaType: 'application/pdf', content: pdf, lastVisit: '2026-06-01' }),
      ],
    });
    const id = await asked(relais);
    const view = await until(relais, id, arrived);
    expect(view.best).toMatchObject({ lastVisit: '2026-06-01' });
    expect((await summary('doctor-b', id)).bytes.equals(pdf)).toBe(true);
    const other = { birthName: 'ADRDEUX', firstNames: ['LAURENT'], sex: 'M', birthDate: '1981-01-01' };
    const none = await asked(relais, { worker: { traits: other } });
    expect((await until(relais, none, ({ state }) => state === 'REFUSED')).sources).toMatchObject([
      { refusal: 'R03' },
    ]);
  }, 120_000);
});
