import { closed, https, instant, pem, text } from './shapes.ts';

export const dmpChannel = closed(
  {
    endpoint: https,
    vihfVersion: text,
    sector: text,
    existence: closed({ endpoint: https, form: { enum: ['relais-1'] } }),
    lotSignature: { enum: ['xades-1.1.1', 'xades-1.3.2'] },
  },
  ['existence', 'lotSignature'],
);

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
