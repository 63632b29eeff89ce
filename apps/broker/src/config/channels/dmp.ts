import { closed, https, instant, pem, text } from './shapes.ts';

export const dmpChannel = closed({ endpoint: https, vihfVersion: text, sector: text });

export const mhdChannel = closed({ endpoint: https, transaction: { enum: ['ITI-65', 'ITI-105'] } });

export const dmpMandate = closed({
  certificate: pem,
  key: pem,
  structureId: text,
  responsible: text,
  homologation: text,
  from: instant,
  to: instant,
});
