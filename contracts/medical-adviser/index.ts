import {
  type Content,
  type Divided,
  type Flow,
  type HookContext,
  questionAbout,
  REMINDER_SCHEMA,
  verifiedPerson,
} from '#core';
import { checkExtract, checkReply } from './checks.ts';
import { contract } from './contract.ts';
import { toDocument } from './document.ts';
import type { Extract } from './extract.ts';
import extract from './schemas/extract.json' with { type: 'json' };
import reply from './schemas/reply.json' with { type: 'json' };

export const flow: Flow = {
  contract,
  schemas: { extract, reply, reminder: REMINDER_SCHEMA },
  hooks: {
    extract: {
      check: checkExtract,
      identity: ({ json }, sender) => questionAbout(sender, (json as Extract).person),
      divide,
    },
    reply: { check: checkReply },
  },
};

/** The data for the adviser's software, the same as a page for the adviser, both as Relais verified the person. */
function divide({ json }: Content, context: HookContext): Divided {
  const sent = json as Extract;
  const told: Extract = { ...sent, person: verifiedPerson(sent.person.traits, context.verdict) };
  return {
    parts: [
      { audience: 'enc', mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(told)) },
      { audience: 'enc', mediaType: 'application/pdf', document: toDocument(told, context) },
    ],
    removed: 0,
  };
}
