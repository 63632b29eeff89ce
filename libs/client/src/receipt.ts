import { createHash } from 'node:crypto';
import { NotGenuine } from './errors.ts';
import type { TrustedKeys } from './trusted-keys.ts';

/** What Relais signed when it took a message: keep it, it is the sender's proof. */
export interface Receipt {
  /** Relais' id of the message (UUIDv7) */
  id: string;
  /** the sender's */
  senderId: string;
  flow: string;
  status: string;
  receivedAt: string;
  /** `sha-256:` + lowercase hex of the data bytes */
  digest: string;
  /** entry id and its RFC 6962 leaf hash, lowercase hex */
  journal: { entry: string; hash: string };
}

/** The answer to a sending: the receipt's fields, and the receipt itself (compact JWS). */
export interface Accepted extends Receipt {
  receipt: string;
  /** of what was sent line by line; the header is not counted */
  bulk?: { lines: number; accepted: number; refused: number };
  replayed?: boolean;
}

/** @throws NotGenuine when it is not by Relais, or not for that message and those bytes */
export async function verifyReceipt(
  jws: string,
  sent: { senderId?: string; digest?: string | undefined },
  keys: TrustedKeys,
): Promise<Receipt> {
  const claims = await keys.verify(jws, 'receipt');
  const receipt = readReceipt(claims);
  if (sent.senderId !== undefined && receipt.senderId !== sent.senderId)
    throw new NotGenuine('receipt', 'for another message');
  if (sent.digest !== undefined && receipt.digest !== sent.digest)
    throw new NotGenuine('receipt', 'for other content');
  return receipt;
}

export function digestOf(bytes: Uint8Array): string {
  return `sha-256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function readReceipt(claims: Record<string, unknown>): Receipt {
  const { id, senderId, flow, status, receivedAt, digest, journal } = claims;
  const { entry, hash } = (journal ?? {}) as Record<string, unknown>;
  const texts = { id, senderId, flow, status, receivedAt, digest, entry, hash };
  for (const [name, value] of Object.entries(texts))
    if (typeof value !== 'string') throw new NotGenuine('receipt', `${name} missing`);
  return { id, senderId, flow, status, receivedAt, digest, journal: { entry, hash } } as Receipt;
}
