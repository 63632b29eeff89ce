import { createHash } from 'node:crypto';
import type { Finding } from '#core';
import type { Attachment } from '#core/dmst';
import { at, finding } from './finding.ts';

/** A document that travels inside must be the one that its digest names. */
export function checkAttachments(attachments: readonly Attachment[] | undefined): Finding[] {
  return at(attachments, '/attachments')
    .filter(([{ content, sha256 }]) => content !== undefined && digest(content) !== sha256)
    .map(([, pointer]) => finding('dmst.attachment-digest', `${pointer}/sha256`));
}

function digest(base64: string): string {
  return createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex');
}
