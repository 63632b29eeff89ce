/** A mail that an agreement wants sealed: what stays outside, what goes in, and when it does not leave at all. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MailSealingAgreement } from '#core';
import { createMailSealing } from '#protection';
import { MailSealer } from '#transports';
import { pdfOf } from '../../libs/documents/fixtures/pdf.ts';
import { ADDRESS_A, aMailOperator, type MailTry } from '../builders/mail-operator.ts';
import { aMailPair, type MailPair, openedByOpenssl } from '../builders/mail-pairs.ts';
import { judgedBy } from './programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'relais-sealed-'));
const PDF = Buffer.from(pdfOf('(dossier)'));
const DAY = 24 * 3_600_000;
const past = { notBefore: new Date(Date.now() - 9 * DAY), notAfter: new Date(Date.now() - DAY) };
let operator: Awaited<ReturnType<typeof aMailOperator>>;
let reader: MailPair;
let second: MailPair;
let over: MailPair;
let signature: MailPair;

beforeAll(async () => {
  operator = await aMailOperator(folder);
  const { ca } = operator.paths.insi;
  reader = await aMailPair(ca, 'MSS A', 'encryption');
  second = await aMailPair(ca, 'MSS A (suivant)', 'encryption');
  over = await aMailPair(ca, 'MSS A (avant)', 'encryption', past);
  signature = await aMailPair(ca, 'MSS B', 'seal');
});
afterAll(async () => {
  await operator.close();
  rmSync(folder, { recursive: true });
});

const agreement = (
  cipher: MailSealingAgreement['cipher'] = 'aes-256-cbc',
  ...pairs: MailPair[]
): MailSealingAgreement => ({
  certificates: (pairs.length === 0 ? [reader] : pairs).map(({ certificate }) => certificate),
  cipher,
});
const authority = () => readFileSync(operator.paths.insi.ca.crt, 'utf8');
const box = () => operator.store.create(ADDRESS_A).mails;

async function written(change: Partial<MailTry>): Promise<Buffer> {
  const before = box().length;
  const parts = [{ mediaType: 'application/pdf', content: PDF }];
  expect(await operator.send({ parts, ...change })).toBe('placed');
  expect(box()).toHaveLength(before + 1);
  return box().at(-1)?.raw as Buffer;
}

/** Fields of the outer header, and those that say what the content is apart. */
function fieldsOf(raw: Buffer): { routing: Record<string, string>; content: string[] } {
  const [head = ''] = raw.toString('latin1').split('\r\n\r\n');
  const fields = head.split(/\r\n(?![ \t])/).map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const isContent = ([name]: [string, string]) => /^content-/i.test(name);
  return {
    routing: Object.fromEntries(
      fields.filter((one) => !isContent(one) && !['Date', 'Received'].includes(one[0])),
    ),
    content: fields.filter(isContent).map(([name]) => name.toLowerCase()),
  };
}

judgedBy(['openssl'], 'a mail that was agreed to be sealed, before openssl cms', () => {
  it.each(['aes-256-cbc', 'aes-256-gcm'] as const)(
    'says outside what it says unsealed, and its content inside alone, with %s',
    async (cipher) => {
      const plain = await written({});
      const raw = await written({ sealing: agreement(cipher, reader, second), signature });
      const type = cipher === 'aes-256-gcm' ? 'authEnveloped-data' : 'enveloped-data';
      expect(raw.toString('latin1')).toContain(`smime-type=${type}`);
      expect(raw.toString('latin1').replaceAll('\r\n', '')).not.toContain('\n');
      const outside = fieldsOf(raw);
      expect(outside.routing).toEqual(fieldsOf(plain).routing);
      expect(Object.keys(outside.routing)).toEqual(
        expect.arrayContaining([
          'From',
          'To',
          'Subject',
          'Message-ID',
          'X-MSS-NIL',
          'Disposition-Notification-To',
          'MIME-Version',
        ]),
      );
      // one of each: two would be two mails for two readers
      expect(outside.content).toEqual(['content-type', 'content-transfer-encoding', 'content-disposition']);
      const { attachments: shown, text: told } = await simpleParser(raw);
      expect(shown.map(({ contentType }) => contentType)).toEqual(['application/pkcs7-mime']);
      expect(told).toBeUndefined();

      for (const one of [reader, second]) {
        const inside = openedByOpenssl(raw, one, authority());
        expect(inside.toString('latin1')).not.toMatch(/^(Message-ID|Date|Subject|From):/im);
        expect(inside.toString('latin1').replaceAll('\r\n', '')).not.toContain('\n');
        const { attachments, text } = await simpleParser(inside);
        expect(attachments.map(({ filename, content }) => [filename, content.equals(PDF)])).toEqual([
          ['document.pdf', true],
        ]);
        expect(text).toBe((await simpleParser(plain)).text);
      }
    },
  );

  it('of words alone has its words inside', async () => {
    const parts = [{ mediaType: 'text/plain', content: 'Rappel déjà adressé.' }];
    const raw = await written({ parts, sealing: agreement(), signature });
    expect(raw.toString()).not.toContain('Rappel d');
    expect((await simpleParser(openedByOpenssl(raw, reader, authority()))).text).toContain(
      'Rappel déjà adressé.',
    );
  });

  it('is for the certificates in force alone', async () => {
    const raw = await written({ sealing: agreement('aes-256-cbc', over, reader), signature });
    expect(openedByOpenssl(raw, reader, authority()).includes('document.pdf')).toBe(true);
    expect(() => openedByOpenssl(raw, over, authority())).toThrow();
  });
});

describe('a mail that was agreed to be sealed and cannot be', () => {
  const path = process.env['PATH'];
  afterEach(() => {
    process.env['PATH'] = path;
  });
  const unsent = async (change: Partial<MailTry>) => {
    const before = box().length;
    const { code, next, detail } = await operator.refusal(change);
    expect(box()).toHaveLength(before);
    return { code, next, detail };
  };

  it('does not leave without a signature of who sends', async () => {
    expect(await unsent({ sealing: agreement() })).toMatchObject({ code: 'mandate.missing', next: 'stop' });
  });

  it('does not leave with a signature that its reader would refuse', async () => {
    const { ca } = operator.paths.insi;
    for (const [unfit, why] of [
      [await aMailPair(ca, 'MSS B', 'seal', past), 'expired'],
      [await aMailPair(ca, 'MSS B', 'client'), 'wrong-purpose'],
      [await aMailPair(operator.paths.ca, 'MSS B', 'seal'), 'foreign'],
    ] as const)
      expect(await unsent({ sealing: agreement(), signature: unfit })).toMatchObject({
        code: 'mandate.missing',
        detail: expect.stringContaining(why) as string,
      });
  });

  it('does not leave when nobody at the other end may be sealed to', async () => {
    const { ca } = operator.paths.insi;
    const unfit = [
      over,
      await aMailPair(ca, 'MSS A', 'seal'),
      await aMailPair(operator.paths.ca, 'MSS A', 'encryption'),
    ];
    expect(await unsent({ sealing: agreement('aes-256-cbc', ...unfit), signature })).toMatchObject({
      code: 'recipient.key-invalid',
      next: 'stop',
      detail: 'certificats de messagerie refusés : expired, wrong-purpose, foreign',
    });
  });

  it('does not leave in CBC where GCM was agreed and openssl is not there', async () => {
    process.env['PATH'] = folder;
    // threads take the environment of the moment they start
    const sealing = createMailSealing({ threads: 1 });
    const sealer = new MailSealer({ sealing, clock: operator.clock, fault: () => undefined });
    try {
      expect(
        await unsent({ sealing: agreement('aes-256-gcm'), signature, change: { sealer } }),
      ).toMatchObject({
        code: 'configuration.invalid',
        next: 'stop',
        detail: expect.stringContaining('openssl') as string,
      });
      expect((await written({ sealing: agreement(), signature, change: { sealer } })).toString()).toContain(
        'smime-type=enveloped-data',
      );
    } finally {
      await sealing.close();
    }
  });
});
