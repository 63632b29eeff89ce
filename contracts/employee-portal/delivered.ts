/** What a portal, and a service that is asked for a copy, receive. */
import { type Divided, type HookContext, removeMembers, verifiedPerson } from '#core';
import { contract } from './contract.ts';
import { toDocument } from './document.ts';
import workerView from './schemas/worker-view.json' with { type: 'json' };
import type { CopyRequest, WorkerView } from './worker-view.ts';

const REMOVES = contract.objects['worker-view']?.transform.removes ?? [];

/** JSON Schema of the delivered view, made from that of the sent one: the two cannot drift apart. */
export const deliveredSchema: object = {
  ...workerView,
  $id: workerView.$id.replace(':worker-view:', ':worker-view-delivered:'),
  title: 'Vue de la personne, telle que le portail la reçoit',
  properties: removeMembers(workerView.properties, REMOVES).json,
};

/** Third parties out; the data for the portal, the same as a page for the person. */
export function divideView(sent: WorkerView, context: HookContext): Divided {
  const { json, removed } = removeMembers(sent, REMOVES);
  const told: WorkerView = { ...json, person: verifiedPerson(sent.person.traits, context.verdict) };
  return {
    parts: [
      { audience: 'enc', mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(told)) },
      { audience: 'enc', mediaType: 'application/pdf', document: toDocument(told, context) },
    ],
    removed,
    told: { to: { traits: told.person.traits }, topic: 'worker-view' },
  };
}

export function divideCopyRequest(sent: CopyRequest, { verdict }: HookContext): Divided {
  const told = { ...sent, person: verifiedPerson(sent.person.traits, verdict) };
  const bytes = Buffer.from(JSON.stringify(told));
  return { parts: [{ audience: 'enc', mediaType: 'application/json', bytes }], removed: 0 };
}
