import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Clock, Partner } from '#core';
import { createMailSealing, TrustStore } from '#protection';
import { readMail } from '#transports';
import type { Box } from '../../apps/broker/src/channels/mssante-inbox/box.ts';
import { SealedMail } from '../../apps/broker/src/channels/mssante-inbox/sealed-mail.ts';
import { createClinicalDocuments } from '../../libs/documents/src/index.ts';
import { aMailPair, type MailPair, openedByOpenssl } from '../builders/mail-pairs.ts';
import {
  A_BOX,
  aCda,
  aLetter,
  anArchive,
  anOperator,
  aSealedLetter,
  B_BOX,
  isHandled,
  type Operator,
} from '../builders/mssante.ts';
import { asked, exchangesOf, journal, rows, until } from '../builders/portability.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';
import { judgedBy } from '../peers/programs.ts';

const clinical = createClinicalDocuments({ inspect: async () => [] });
const text = (path: string) => readFileSync(path, 'utf8');

for (const cipher of ['aes-256-cbc', 'aes-256-gcm'] as const)
  judgedBy(['openssl'], `MSSanté between services that agreed on S/MIME (${cipher})`, () => {
    let relais: TestRelais;
    let operator: Operator;
    let reader: MailPair;

    beforeAll(async () => {
      relais = await aRelais(
        { RELAIS_MSSANTE_LOOPBACK: 'on' },
        {
          agreements: async (demo) => {
            operator = await anOperator(demo);
            const { ca, mandate } = demo.paths.insi;
            reader = await aMailPair(ca, 'MSS A', 'encryption');
            const { crt, key } = mandate('spsti-b').seal;
            const { 'spsti-a': a, 'spsti-b': b } = operator.agreements;
            return {
              'spsti-a': {
                channels: {
                  mssante: {
                    ...a?.channels?.mssante,
                    sealing: { certificates: [reader.certificate], cipher },
                  },
                },
              },
              'spsti-b': {
                mandate: {
                  mailbox: { ...b?.mandate?.mailbox, signature: { certificate: text(crt), key: text(key) } },
                },
              },
            };
          },
        },
      );
    });
    afterAll(async () => {
      await relais.close();
      await operator.close();
    });

    async function request() {
      const id = await asked(relais);
      const exchange = await eventually(async () => exchangesOf(relais, id)[0]);
      const delivery = await eventually(
        async () =>
          rows(relais, 'SELECT id FROM delivery WHERE message_id = ?', exchange.request_id)[0]?.['id'],
      );
      const messageId = `<${String(delivery)}@spsti-b.mssante.fr>`;
      const raw = await eventually(
        async () => operator.a.mails.find((one) => one.raw.includes(`Message-ID: ${messageId}`))?.raw,
      );
      return { id, exchange, delivery, messageId, raw };
    }

    it('is sealed: openssl opens the request, its headers are outside, its report finds its delivery', async () => {
      const { exchange, delivery, raw, messageId } = await request();
      const outer = await simpleParser(raw);
      expect(outer.from?.value[0]?.address).toBe(B_BOX);
      expect(outer.messageId).toBe(messageId);
      expect(outer.subject).toBe("XDM/1.0/DDM+Lettre d'adressage ADRUN ZOE 31/12/1975");
      expect(outer.headers.get('x-mss-nil')).toBe('FICTIF-0001');
      expect(outer.headers.get('x-mss-ins')).toBe('O');
      expect(outer.headers.get('disposition-notification-to')).toMatchObject({ value: [{ address: B_BOX }] });
      expect(outer.headers.get('x-relais-exchange')).toBe(exchange.id);
      expect(outer.attachments.map(({ filename }) => filename)).toEqual(['smime.p7m']);

      const authority = text(relais.demo.paths.insi.ca.crt);
      const inner = await simpleParser(openedByOpenssl(raw, reader, authority));
      expect(inner.attachments.map(({ contentType }) => contentType)).toEqual([
        'application/zip',
        'application/pdf',
      ]);
      const { patient } = await clinical.openXdm(inner.attachments[0]?.content ?? Buffer.alloc(0));
      expect(patient.ins?.value).toBe('2751263220749');
      await eventually(
        async () =>
          rows(relais, 'SELECT state FROM delivery WHERE id = ?', String(delivery))[0]?.['state'] ===
          'delivered',
      );
    });

    it('is opened by what Relais does with sealed mail at the other end, and by nobody else’s agreement', async () => {
      const { raw } = await request();
      const { ca, mandate } = relais.demo.paths.insi;
      const trust = await TrustStore.of({ anchors: text(ca.crt), crls: [text(ca.crl)], production: false });
      const sealing = createMailSealing({ threads: 1 });
      const clock: Clock = { now: () => new Date() };
      const desk = new SealedMail({ sealing, clock, fault: (one, at) => trust.fault(one, 'seal', at) });
      const box = { mandate: { address: A_BOX, encryption: reader } } as unknown as Box;
      const sender = (id: string) =>
        ({
          channels: { mssante: { address: B_BOX, signers: [text(mandate(id).seal.crt)] } },
        }) as unknown as Partner;
      try {
        const mail = await readMail(raw);
        expect(mail.sealed).toBe(true);
        const opened = await desk.open(box, sender('spsti-b'), mail, raw);
        expect(opened.parts.map(({ mediaType }) => mediaType)).toEqual([
          'application/zip',
          'application/pdf',
        ]);
        expect(opened.messageId).toBe(mail.messageId);
        await expect(desk.open(box, sender('spsti-a'), mail, raw)).rejects.toMatchObject({
          code: 'mail.envelope-invalid',
        });
      } finally {
        await sealing.close();
      }
    });

    it('is answered: a dossier sealed to the mailbox that Relais reads ends the exchange', async () => {
      const { id, messageId } = await request();
      const { paths } = relais.demo;
      const { crt, key } = paths.insi.mandate('spsti-a').seal;
      const letter = await aLetter({
        answers: messageId,
        archive: await anArchive([aCda()]),
        messageId: `<${randomUUID()}@spsti-a.mssante.fr>`,
      });
      const mail = operator.b.append(
        await aSealedLetter(letter, {
          signer: { certificate: text(crt), key: text(key) },
          recipient: text(paths.partner('spsti-b').enc.crt),
          cipher,
        }),
      );
      await eventually(async () => isHandled(mail));
      const { best } = await until(relais, id, (view) => view.best !== undefined);
      expect(best).toMatchObject({ partner: 'spsti-a' });
      expect(
        journal(relais).some(({ kind, details }) => kind === 'mail.read' && details?.['what'] === 'answer'),
      ).toBe(true);
      expect(relais.logged()).not.toMatch(/ADRUN|2751263220749|mssante\.fr/);
    });
  });
