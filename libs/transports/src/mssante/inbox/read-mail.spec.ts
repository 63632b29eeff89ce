import { describe, expect, it } from 'vitest';
import { readMail } from './read-mail.ts';

function aMail(headers: string[], body = 'Bonjour'): Buffer {
  return Buffer.from([...headers, '', body, ''].join('\r\n'));
}

const FROM = 'From: "Service A" <dmst@Spsti-A.mssante.fr>';

describe('a mail', () => {
  it('says from whom it is, what it answers, and whom to notify', async () => {
    const mail = await readMail(
      aMail([
        FROM,
        'Subject: =?utf-8?Q?XDM/1.0/DDM+Synth=C3=A8se?= ADRUN ZOE',
        'Message-ID: <one@a>',
        'In-Reply-To: <asked@b>',
        'References: <first@b>\r\n <asked@b>',
        'Disposition-Notification-To: <dmst@spsti-a.mssante.fr>',
        'X-MSS-INS: O',
        'X-MSS-CODECDA: 11505-5',
      ]),
    );
    expect(mail).toEqual({
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      from: 'dmst@spsti-a.mssante.fr',
      messageId: 'one@a',
      answers: ['asked@b', 'asked@b', 'first@b'],
      notifyTo: 'dmst@spsti-a.mssante.fr',
      subject: 'XDM/1.0/DDM+Synthèse ADRUN ZOE',
      automatic: false,
      sealed: false,
      announced: { ins: true, cda: true },
      parts: [],
    });
  });

  it('gives its attachments, by what they say they are', async () => {
    const body = [
      '--b',
      'Content-Type: application/zip',
      'Content-Disposition: attachment; filename="IHE_XDM.zip"',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('PK zip').toString('base64'),
      '--b',
      'Content-Type: application/pdf; name="=?utf-8?Q?Synth=C3=A8se.pdf?="',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('%PDF').toString('base64'),
      '--b--',
    ].join('\r\n');
    const { parts } = await readMail(aMail([FROM, 'Content-Type: multipart/mixed; boundary=b'], body));
    expect(parts.map(({ mediaType, name, bytes }) => [mediaType, name, bytes.toString()])).toEqual([
      ['application/zip', 'IHE_XDM.zip', 'PK zip'],
      ['application/pdf', 'Synthèse.pdf', '%PDF'],
    ]);
  });

  it('returned inside another is one part, and what it carried is not that other’s', async () => {
    const inner = aMail(
      ['From: x@y.fr', 'Content-Type: application/zip; name=IHE_XDM.zip', 'Content-Disposition: attachment'],
      'PK',
    ).toString();
    const body = [
      '--b',
      'Content-Type: message/rfc822',
      'Content-Disposition: inline',
      '',
      inner,
      '--b--',
    ].join('\r\n');
    const { parts } = await readMail(aMail([FROM, 'Content-Type: multipart/mixed; boundary=b'], body));
    expect(parts.map(({ mediaType }) => mediaType)).toEqual(['message/rfc822']);
  });

  it.each([
    ['two senders', 'From: a@b.fr, c@d.fr'],
    ['a group', 'From: all: a@b.fr, c@d.fr;'],
    ['an encoded address', 'From: =?utf-8?B?PGRtc3RAc3BzdGktYS5tc3NhbnRlLmZyPg==?='],
    [
      'an encoded address beside another',
      'From: =?utf-8?B?PGRtc3RAc3BzdGktYS5tc3NhbnRlLmZyPg==?= <a@b.fr>, x',
    ],
    ['no address', 'From: somebody'],
    ['a quoted one', 'From: "dmst@spsti-a.mssante.fr, x"@b.fr'],
  ])('with %s is from nobody that can be known', async (_, from) => {
    const { from: read } = await readMail(aMail([from]));
    expect(read === undefined || read === 'a@b.fr').toBe(true);
  });

  it.each(['From', 'Message-ID', 'In-Reply-To', 'Disposition-Notification-To', 'Content-Type', 'Subject'])(
    'that says %s twice is refused: two readers may believe two things',
    async (name) => {
      const twice = aMail(['From: a@b.fr', `${name}: <a@b>`, `${name}: <c@d>`]);
      await expect(readMail(twice)).rejects.toMatchObject({ code: 'mail.malformed' });
    },
  );
});
