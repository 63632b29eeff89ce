/**
 * Whose health professional card (CPS) opens a session, and as what: a JSON file. What the certificate of a card says of a
 * profession is not established here, so who is registered is the operator's word, with dates.
 */
import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { PartnerId } from '#core';
import { closed, instant, text } from './channels/shapes.ts';
import { configurationError } from './problems.ts';

/** Where the national id (8 and the RPPS) stands in the certificate's subject. */
export const CARD_PROFILES = ['national-id-in-cn', 'national-id-in-serial-number'] as const;
export type CardProfile = (typeof CARD_PROFILES)[number];

export interface CardHolder {
  rpps: string;
  partner: PartnerId;
  role: 'physician' | 'nurse';
  name: string;
  /** instants: from inclusive, to exclusive */
  from: string;
  to: string;
}

export interface CardRegister {
  profile: CardProfile;
  holders: readonly CardHolder[];
}

const isShaped = new Ajv2020({ allErrors: true, strict: true }).compile<CardRegister>(
  closed({
    profile: { enum: CARD_PROFILES },
    holders: {
      type: 'array',
      items: closed({
        rpps: { type: 'string', pattern: '^[0-9]{11}$' },
        partner: text,
        role: { enum: ['physician', 'nurse'] },
        name: text,
        from: instant,
        to: instant,
      }),
    },
  }),
);

/** @throws BrokerError `configuration.invalid`, never with a value */
export function readCardRegister(path: string): CardRegister {
  const what = `The register of cards ${path} cannot be used`;
  if (!existsSync(path)) throw configurationError(what, [{ at: '', says: 'there is none' }]);
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw configurationError(what, [{ at: '', says: 'it is not JSON' }]);
  }
  if (isShaped(document)) return document;
  throw configurationError(
    what,
    (isShaped.errors ?? []).map(({ instancePath, message }) => ({
      at: instancePath,
      says: message ?? 'is not right',
    })),
  );
}
