import {
  type Content,
  type Divided,
  divideReminder,
  type Flow,
  type HookContext,
  mailedPart,
  questionAbout,
  REMINDER_SCHEMA,
  verifiedPerson,
} from '#core';
import { CDA_CODES } from '#core/cda-codes';
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
    reminder: { divide: divideReminder },
  },
};

/**
 * The data for the adviser's software, the same as a page for the adviser, both as Relais verified the person; by mail,
 * the page as a CDA.
 */
function divide({ json }: Content, context: HookContext): Divided {
  const sent = json as Extract;
  const told: Extract = { ...sent, person: verifiedPerson(sent.person.traits, context.verdict) };
  const document = toDocument(told, context);
  const { rpps, serviceSiret: siret = context.sender.siret } = sent.author;
  return {
    parts: [
      { audience: 'enc', mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(told)) },
      { audience: 'enc', mediaType: 'application/pdf', document },
      mailedPart(
        {
          audience: 'enc',
          document,
          type: CDA_CODES.types.referral,
          person: told.person.traits,
          ins: told.person.ins,
          author: {
            name: sent.author.name,
            ...(rpps === undefined ? {} : { rpps }),
            profession: CDA_CODES.professions.occupationalPhysician,
          },
          organization: { name: context.sender.name, ...(siret === undefined ? {} : { siret }) },
          act: sent.preReturnVisit?.date ?? context.receivedAt.slice(0, 10),
        },
        context,
      ),
    ],
    removed: 0,
  };
}
