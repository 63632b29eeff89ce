import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { patientMailbox, type ReadCda } from '#core';
import { composeMail, type MailOrder } from './compose.ts';
import { pdfNameOf, subjectOf } from './names.ts';
import { bearsIns, xMssHeaders } from './x-mss.ts';

const cda: ReadCda = {
  id: { root: '2.25.1' },
  type: { code: 'SYNTH', codeSystem: '1.2.250.1.213.1.1.4.12', displayName: 'Synthèse' },
  title: 'Synthèse',
  effectiveTime: '20261122080000+0000',
  confidentiality: 'N',
  language: 'fr-FR',
  patient: {
    ids: [],
    ins: { value: '2751263220749', key: '74', oid: '1.2.250.1.213.1.4.8' },
    birthName: 'Œdème-Élan',
    firstName: 'Zoé',
    birthDate: '1975-12-31',
    sex: 'F',
  },
  author: { ids: [], family: 'PATRON', given: ['Anne'] },
  organization: {},
  act: { from: '20260511', codes: [] },
  templates: [],
};
const patient = (change: Partial<ReadCda['patient']>): ReadCda => ({
  ...cda,
  patient: { ...cda.patient, ...change },
});

function mail(change: Partial<MailOrder> = {}) {
  return composeMail({
    from: { name: 'SPSTI A', address: 'relais@spsti-a.mssante.fr' },
    to: 'dmst@spsti-b.mssante.fr',
    messageId: '<d@spsti-a.mssante.fr>',
    attempt: 1,
    at: new Date('2026-11-22T08:00:00.000Z'),
    nil: 'NIL-1',
    production: true,
    title: 'Dossier transmis',
    documents: [{ cda, pdf: Buffer.from('%PDF-1.4') }],
    archive: Buffer.from('PK'),
    awaitsAnswer: false,
    closes: false,
    ...change,
  });
}

describe('a mail about one patient', () => {
  it('has the subject, the archive and the PDF that MSSanté names', async () => {
    const { subject, attachments, headers, replyTo } = await simpleParser(await mail());
    expect(subject).toBe('XDM/1.0/DDM+Synthèse OEDEME-ELAN Zoe 31/12/1975');
    expect(attachments.map(({ filename, contentType }) => [filename, contentType])).toEqual([
      ['IHE_XDM.zip', 'application/zip'],
      ['20260511_Synthèse_OEDEME-ELAN_Zoe.pdf', 'application/pdf'],
    ]);
    expect(replyTo?.text).toBe('relais@spsti-a.mssante.fr');
    expect(headers.get('x-mss-codecda')).toBe('SYNTH');
    expect(headers.get('x-mss-ins')).toBe('O');
  });

  it('is ASCII on the wire, whatever names hold, and keeps its lines short', async () => {
    const raw = (await mail({ from: { name: 'Service médical « Éole »', address: 'a@b.fr' } })).toString(
      'latin1',
    );
    expect(raw).toMatch(/^[\t\r\n\x20-\x7e]*$/);
    expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
    expect(raw.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('tells nothing of the patient in its words', async () => {
    const { text } = await simpleParser(await mail({ awaitsAnswer: true, attempt: 3 }));
    expect(text).not.toMatch(/oedeme|zo[eé]|1975|275126/i);
    expect(text).toContain('Cet envoi est répété (n° 3)');
    expect(text).toContain('Pour répondre');
  });

  it('says that it replaces, where its document does', async () => {
    const replacing = { ...cda, replaces: { root: '2.25.2' } };
    const { text } = await simpleParser(await mail({ documents: [{ cda: replacing }] }));
    expect(text).toContain('annule et remplace');
    expect((await simpleParser(await mail())).text).not.toContain('remplace');
  });

  it('answers the mail of its exchange', async () => {
    const { inReplyTo, references } = await simpleParser(await mail({ inReplyTo: '<q@spsti-b.mssante.fr>' }));
    expect([inReplyTo, references].flat()).toEqual(['<q@spsti-b.mssante.fr>', '<q@spsti-b.mssante.fr>']);
  });

  it('of two people is refused', async () => {
    await expect(
      mail({ documents: [{ cda }, { cda: patient({ firstName: 'Ana' }) }] }),
    ).rejects.toMatchObject({
      code: 'content.invalid',
    });
  });

  it.each([
    ['a birth name', patient({ birthName: 'ADRUN\r\nBcc: voleur@b.fr' })],
    ['a first name', patient({ firstName: 'ZOE\nX: y' })],
    ['a birth date', patient({ birthDate: '1975\r\n-12-31' })],
    ['a type', { ...cda, type: { ...cda.type, displayName: 'Synthèse\r\nX-MSS-INS: O' } }],
  ])('whose document has a line end in %s is refused', async (_, document) => {
    await expect(mail({ documents: [{ cda: document }] })).rejects.toMatchObject({
      code: 'mail.header-invalid',
    });
  });
});

describe('what a mail without a document has', () => {
  it('is neither the prefix nor the headers of one', async () => {
    const { archive: _, ...order } = { archive: undefined, documents: [], text: 'Rappel.' };
    const raw = (await composeMail({ ...(await base()), ...order })).toString();
    expect(raw).toContain('X-MSS-NIL: NIL-1');
    expect(raw).not.toMatch(/X-MSS-(CODECDA|INS)|XDM\/1\.0/);
  });

  async function base(): Promise<MailOrder> {
    return {
      from: { name: 'SPSTI A', address: 'relais@spsti-a.mssante.fr' },
      to: 'dmst@spsti-b.mssante.fr',
      messageId: '<d@spsti-a.mssante.fr>',
      attempt: 1,
      at: new Date(0),
      nil: 'NIL-1',
      production: true,
      title: 'Rappel',
      documents: [],
      awaitsAnswer: false,
      closes: false,
    };
  }
});

describe('X-MSS-INS', () => {
  it.each([
    ['without a matricule', (({ ins: _, ...rest }) => rest)(cda.patient)],
    ['without a sex', (({ sex: _, ...rest }) => rest)(cda.patient)],
    ['without a birth date', (({ birthDate: _, ...rest }) => rest)(cda.patient)],
  ])('is N %s', (_, rest) => expect(bearsIns({ patient: rest }, false)).toBe(false));

  it.each(['1.2.250.1.213.1.4.10', '1.2.250.1.213.1.4.11'])('is never O in production for %s', (oid) => {
    const one = patient({ ins: { value: '2751263220749', key: '74', oid } });
    expect(bearsIns(one, true)).toBe(false);
    expect(bearsIns(one, false)).toBe(true);
  });

  it('is O only when every document has it, and their codes stand side by side', () => {
    const { ins: _, ...without } = cda.patient;
    const second = { ...cda, type: { ...cda.type, code: '11488-4' }, patient: without };
    expect(xMssHeaders({ nil: 'n', documents: [cda, second], production: true })).toEqual({
      'X-MSS-NIL': 'n',
      'X-MSS-CODECDA': 'SYNTH,11488-4',
      'X-MSS-INS': 'N',
    });
  });

  it('goes with the end of the conversation for a patient', () => {
    expect(xMssHeaders({ nil: 'n', documents: [], production: true, closes: true })).toEqual({
      'X-MSS-NIL': 'n',
      'X-MSS-MES': 'FIN',
    });
  });
});

it('a label is cut at forty characters, several documents are counted, a path is no file name', () => {
  const long = { ...cda, type: { ...cda.type, displayName: 'x'.repeat(60) } };
  expect(subjectOf([long])).toBe(`XDM/1.0/DDM+${'x'.repeat(40)} OEDEME-ELAN Zoe 31/12/1975`);
  expect(subjectOf([cda, cda])).toContain('DDM+2 documents ');
  expect(pdfNameOf(patient({ birthName: '../../etc_passwd', firstName: 'a\\b:c' }))).toBe(
    '20260511_Synthèse_-..-ETC-PASSWD_a-b-c.pdf',
  );
});

describe('the mailbox of a person', () => {
  const ins = { value: '1460263220001', key: '96', oid: '1.2.250.1.213.1.4.8' };

  it('is made of a qualified matricule, for what is the worker’s own', () => {
    expect(patientMailbox({ forTheWorker: true }, ins)).toBe('146026322000196@patient.mssante.fr');
  });

  it.each([
    ['another flow', {}, ins],
    ['an identity that is not qualified', { forTheWorker: true }, undefined],
    ['a contract that is gone', undefined, ins],
  ])('is not written to for %s', (_, contract, identity) => {
    expect(() => patientMailbox(contract, identity)).toThrow(
      expect.objectContaining({ code: 'mail.patient-not-allowed', next: 'stop' }),
    );
  });
});
