import { describe, expect, it } from 'vitest';
import type { Content, HookContext, IdentityVerdict, Ins } from '#core';
import type { CdaDocument } from '#core/cda-document';
import { flow } from './index.ts';
import conclusion from './samples/valid/document.conclusion.json' with { type: 'json' };
import exposures from './samples/valid/document.exposures.json' with { type: 'json' };
import replaced from './samples/valid/document.replaced.json' with { type: 'json' };
import surveillance from './samples/valid/document.surveillance.json' with { type: 'json' };
import vaccinations from './samples/valid/document.vaccinations.json' with { type: 'json' };
import withdrawn from './samples/valid/document.withdrawn.json' with { type: 'json' };

const SAMPLES = { conclusion, exposures, replaced, surveillance, vaccinations, withdrawn };
type Sample = keyof typeof SAMPLES;

const INS: Ins = { value: '2751263220749', key: '74', oid: '1.2.250.1.213.1.4.8' };

function contentOf(name: Sample): Content {
  const json: unknown = SAMPLES[name];
  return { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(json)), json };
}

/** What the flow makes of a sample, and the header that it asks for. */
function made(name: Sample, verdict: Partial<IdentityVerdict> = { status: 'QUAL', ins: INS }) {
  const headers: CdaDocument[] = [];
  const context = {
    messageId: '019abc00-0000-7000-8000-000000000001',
    sender: { id: 'spsti-a', name: 'SPSTI A' },
    receivedAt: '2026-05-12T10:00:00.000Z',
    digest: 'sha-256:00',
    verdict: { attributes: [], reasons: [], inDoubt: false, ...verdict },
    tools: {
      cda: (header: CdaDocument, pdf: Uint8Array) => {
        headers.push(header);
        return pdf;
      },
    },
  } as unknown as HookContext;
  const divided = flow.hooks['document']?.divide?.(contentOf(name), context);
  const [part] = divided?.parts ?? [];
  part?.wrap?.(new Uint8Array());
  return { divided, part, header: headers[0] as CdaDocument };
}

describe('what leaves for the DMP', () => {
  it('says nothing of employers, of their measures nor of their products, and counts what went', () => {
    const { divided, part, header } = made('exposures');
    const told = JSON.stringify([part?.document, header]);
    expect(told).toContain('silice');
    for (const secret of [
      'Ateliers',
      'Fonderie',
      '99000001200018',
      'Opératrice',
      'Ébarbeuse',
      'capotage',
      'Lubrifictif',
    ])
      expect(told).not.toContain(secret);
    expect(divided?.removed).toBe(4);
  });

  it('is one part for the DMP: a PDF/A-1b, to be wrapped', () => {
    const { divided, part } = made('conclusion');
    expect(divided?.parts).toHaveLength(1);
    expect(part).toMatchObject({ audience: 'enc', mediaType: 'application/xml', profile: 'pdfa-1b' });
  });

  it('carries the matricule that Relais found, and none that the sender only claims', () => {
    const found = { ...INS, value: '1090763220834', key: '89' };
    expect(made('exposures', { status: 'QUAL', ins: found }).header.patient.ins).toEqual(found);
    for (const status of ['PROV', 'RECUP', 'VALI'] as const) {
      const { header, part } = made('exposures', { status, ins: INS });
      expect(JSON.stringify([header, part?.document])).not.toContain(INS.value);
    }
  });

  it('names the consent, the version and what it replaces', () => {
    const { header } = made('replaced');
    expect(header).toMatchObject({
      version: 2,
      replaces: '019a0000-0000-4000-8000-000000000001',
      consent: { root: '019a0000-0000-4000-8000-000000000904' },
    });
    expect(made('vaccinations').header).not.toHaveProperty('replaces');
  });

  it('is signed by the profession of who answers for it', () => {
    expect(made('vaccinations').header.author.profession.code).toBe('G15_60');
    expect(made('surveillance').header.author.profession.code).toBe('G15_10/SM25');
  });

  it('of a withdrawn document is the withdrawal alone', () => {
    const { part, header } = made('withdrawn');
    expect(header.title).toMatch(/^Retrait : /);
    expect(part?.document?.sections.map(({ title }) => title)).toEqual(['Retrait']);
  });

  it('keeps the order of the versions of a set', () => {
    const key = (name: Sample) => flow.hooks['document']?.orderKey?.(contentOf(name));
    expect(key('replaced')).toBe(key('exposures'));
    expect(key('vaccinations')).not.toBe(key('exposures'));
  });
});
