import type { HookContext } from '../contract.ts';
import type { DocumentModel } from '../document.ts';
import { frenchDate } from './french-date.ts';
import type { NamedPerson } from './named-person.ts';

/** What every page about one verified person says in the same way: who, when, from where, under which reference. */
export function extractHead(
  { traits, ins, identityStatus }: NamedPerson,
  { messageId, digest, receivedAt, sender, verdict }: HookContext,
): Pick<DocumentModel, 'language' | 'audience' | 'date' | 'reference' | 'identity' | 'sources'> {
  return {
    language: 'fr-FR',
    audience: 'extract',
    date: receivedAt,
    reference: `Message ${messageId} · ${digest}`,
    identity: {
      ...traits,
      status: identityStatus,
      attributes: verdict?.attributes ?? [],
      ...(ins === undefined ? {} : { ins }),
    },
    sources: [`${sender.name}, transmis le ${frenchDate(receivedAt)}`],
  };
}
