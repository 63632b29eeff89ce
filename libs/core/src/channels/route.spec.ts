import { describe, expect, it } from 'vitest';
import type { Part } from '../contract.ts';
import type { Partner } from '../partner.ts';
import { partsFor, routeOf } from './route.ts';

const ordinary = { transport: 'mailbox' } as Partner;
const withMail = { ...ordinary, channels: { mssante: { address: 'a@b.mssante.fr' } } } as Partner;

describe('the way that an object takes', () => {
  it('is the first channel of its contract that the agreement opens', () => {
    expect(routeOf({ channels: ['xds-b', 'mssante'] }, withMail)).toBe('mssante');
  });

  it('of the portal’s copy is the portal, whatever channels its service has', () => {
    expect(routeOf({ channels: ['mssante'] }, { ...withMail, transport: 'portal' })).toBe('portal');
  });

  it('is the ordinary one when the contract names no channel, or none that is open', () => {
    expect(routeOf({}, withMail)).toBe('mailbox');
    expect(routeOf({ channels: ['mssante'] }, ordinary)).toBe('mailbox');
  });
});

describe('the parts that a way carries', () => {
  const json: Pick<Part, 'only' | 'mediaType'> = { mediaType: 'application/json' };
  const cda: typeof json = { mediaType: 'application/xml', only: ['mssante'] };

  it('are those made for it, and no other', () => {
    expect(partsFor([json, cda], 'mssante')).toEqual([cda]);
  });

  it('are those made for nobody in particular where none was made for it', () => {
    expect(partsFor([json, cda], 'mailbox')).toEqual([json]);
    expect(partsFor([json, cda], 'xds-b')).toEqual([json]);
  });
});

describe('what health professionals alone may read', () => {
  const dossier = { channels: ['mssante'], audience: 'enc-h' } as const;

  it('is not mailed to a mailbox that the whole service reads', () => {
    expect(routeOf(dossier, withMail)).toBe('mailbox');
    const ofDoctors = { mssante: { address: 'a@b.mssante.fr', readers: 'health' } } as const;
    expect(routeOf(dossier, { ...withMail, channels: ofDoctors })).toBe('mssante');
  });
});
