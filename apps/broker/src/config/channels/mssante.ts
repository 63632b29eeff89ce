import { closed, instant, mailAddress, pem, port, text } from './shapes.ts';

const server = closed({ host: text, port });

export const mssanteChannel = closed(
  {
    address: mailAddress,
    readers: { enum: ['service', 'health'] },
    signers: { type: 'array', items: pem, minItems: 1 },
  },
  ['readers', 'signers'],
);

export const mailboxMandate = closed(
  {
    address: mailAddress,
    certificate: pem,
    key: pem,
    operator: closed({ submission: server, imap: server }),
    encryption: closed({ certificate: pem, key: pem }),
    nil: text,
    from: instant,
    to: instant,
  },
  ['certificate', 'key', 'operator', 'encryption'],
);
