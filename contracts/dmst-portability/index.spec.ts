import { expect, it } from 'vitest';
import type { Content } from '#core';
import { flow } from './index.ts';
import request from './samples/valid/request.qualified.json' with { type: 'json' };
import withoutIns from './samples/valid/request.without-ins.json' with { type: 'json' };
import full from './samples/valid/response.full.json' with { type: 'json' };

const { hooks } = flow;

function json(value: unknown): Content {
  return { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(value)), json: value };
}

it('a request is asked about in the name of the service that sends it', () => {
  expect(hooks['request']?.identity?.(json(request), 'spsti-b', [])).toEqual({
    spsti: 'spsti-b',
    traits: request.worker.traits,
    ins: request.worker.ins,
    evidenceSeen: 'CN',
    startedBy: 'system',
  });
  expect(hooks['request']?.identity?.(json(withoutIns), 'spsti-b', [])).not.toHaveProperty('ins');
});

it('a dossier gives its strict traits and matricule, and a PDF nobody', () => {
  expect(hooks['response']?.identity?.(json(full), 'spsti-a', [])).toEqual({
    spsti: 'spsti-a',
    traits: {
      birthName: 'ADRUN',
      firstNames: ['ZOE'],
      sex: 'F',
      birthDate: '1975-12-31',
      birthPlace: '63220',
    },
    ins: { value: '2751263220749', key: '74', oid: '1.2.250.1.213.1.4.8' },
    startedBy: 'system',
  });
  const pdf = { mediaType: 'application/pdf', bytes: Buffer.from('%PDF-1.7') };
  expect(hooks['response']?.identity?.(pdf, 'spsti-a', [])).toBeUndefined();
});
