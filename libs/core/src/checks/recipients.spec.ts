import { describe, expect, it } from 'vitest';
import type { ObjectContract } from '../contract.ts';
import type { Incoming } from '../event.ts';
import type { Partner } from '../partner.ts';
import type { Directory } from '../ports.ts';
import { checkRecipients } from './recipients.ts';

const partners = [
  { id: 'spsti-a', kind: 'spsti' },
  { id: 'spsti-b', kind: 'spsti' },
  { id: 'spsti-c', kind: 'spsti' },
  { id: 'insi', kind: 'insi' },
  { id: 'portal:spsti-b', kind: 'portal' },
] as Partner[];
const directory: Directory = { partner: (id) => partners.find((one) => one.id === id), all: () => partners };
const two = { recipients: { kinds: ['spsti'], max: 2 } } as unknown as ObjectContract;
const fixed = { recipients: { kinds: ['insi'], fixed: 'insi', max: 1 } } as unknown as ObjectContract;

const named = (recipient: string | undefined, contract = two) => {
  const incoming = { partner: partners[1], event: { recipient } } as unknown as Incoming;
  try {
    return checkRecipients(incoming, contract, directory).map(({ id }) => id);
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('recipients', () => {
  it('are partners that may receive the object, sorted, each once', () => {
    expect(named('spsti-c  spsti-a spsti-c')).toEqual(['spsti-a', 'spsti-c']);
  });

  it.each([
    undefined,
    ' ',
    'nobody',
    'spsti-a nobody',
    'insi',
    'spsti-b',
    'portal:spsti-b',
    'spsti-a spsti-c spsti-d',
  ])(
    'are unknown when they are %j: absent, not there, of another kind, the sender itself, or too many',
    (recipient) => expect(named(recipient)).toBe('recipient.unknown'),
  );

  it('need not be named where the contract fixes them, and can be no other', () => {
    expect(named(undefined, fixed)).toEqual(['insi']);
    expect(named('insi', fixed)).toEqual(['insi']);
    expect(named('spsti-a', fixed)).toBe('recipient.unknown');
  });
});
