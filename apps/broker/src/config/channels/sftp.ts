import { closed, pem, port, text } from './shapes.ts';

export const sftpChannel = closed({
  host: text,
  port,
  user: text,
  key: pem,
  hostKeys: { type: 'array', items: { type: 'string', pattern: '^[A-Za-z0-9+/]{43}$' }, minItems: 1 },
  folder: text,
  acknowledgements: text,
});
