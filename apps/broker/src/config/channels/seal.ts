import { closed, instant, pem } from './shapes.ts';

export const sealMandate = closed({
  certificate: pem,
  key: pem,
  scope: { type: 'array', items: { enum: ['dmp', 'interops'] }, minItems: 1, uniqueItems: true },
  from: instant,
  to: instant,
});
