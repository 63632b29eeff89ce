/** A workers' portal: keeps the view and its documents, and says when the person has opened them. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Desk, strictReader } from '../partner/index.ts';

interface WorkerView {
  documents: { id: string; type: string; sha256: string; content: string }[];
}

export const workerViewDesk: Desk = async (delivery, client) => {
  // closed: a view that still tells of third parties is none
  const conforms = await strictReader(client, 'employee-portal', 'worker-view-delivered');
  const view = delivery.json() as WorkerView;
  const page = delivery.parts.find(({ datacontenttype }) => datacontenttype === 'application/pdf');
  if (conforms(view).length > 0 || page === undefined)
    return { outcome: { outcome: 'refused', code: 'view.unreadable' } };
  const documents = view.documents.map(({ content, ...document }) => ({
    ...document,
    bytes: Buffer.from(content, 'base64'),
  }));
  const changed = documents.some(
    ({ bytes, sha256 }) => createHash('sha256').update(bytes).digest('hex') !== sha256,
  );
  if (changed) return { outcome: { outcome: 'refused', code: 'view.document-changed' } };
  const folder = dirname(delivery.files[0] ?? '');
  for (const { id, type, bytes } of documents)
    writeFileSync(join(folder, `${type}-${delivery.messageId}-${id}.pdf`), bytes, { mode: 0o600 });
  // here the person is signed in, waiting for what was asked; a view that nobody waits for is only received
  return { outcome: { outcome: delivery.correlationid === undefined ? 'received' : 'opened' } };
};
