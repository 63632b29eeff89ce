import { type Content, type Divided, type HookContext, removeMembers } from '#core';
import type { SupportSummary } from '#core/support-summary';
import { contract } from './contract.ts';

/** Social professionals get the conclusions, health professionals the vaccinations too; both as one FHIR transaction. */
export function divideSummary(
  { json }: Content,
  { messageId, receivedAt, verdict, tools }: HookContext,
): Divided {
  const summary = json as SupportSummary;
  const removes = summary.readers === 'SOCIAL' ? (contract.objects['summary']?.transform.removes ?? []) : [];
  const { json: kept, removed } = removeMembers(summary, removes);
  const bytes = tools.supportInFhir(kept, {
    messageId,
    at: receivedAt,
    // never more than what Relais itself found
    status: verdict?.status ?? 'PROV',
  });
  return { parts: [{ audience: 'enc', mediaType: 'application/fhir+json', bytes }], removed };
}
