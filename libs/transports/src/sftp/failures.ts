/** What went wrong with an SFTP server, as the third stage must hear it. */
import { BrokerError } from '#core';

/** RFC draft-ietf-secsh-filexfer-02, §7 */
export const STATUS = { endOfFile: 1, noSuchFile: 2, permissionDenied: 3, unsupported: 8 } as const;

/** Nothing that a repeat could mend: who we are, or how we speak, is refused. */
const FOR_GOOD = /authentication methods failed|no matching|host denied/i;

/** Of a connection that did not come about. */
export function connectFailure(cause: unknown): BrokerError {
  const message = cause instanceof Error ? cause.message : '';
  return FOR_GOOD.test(message)
    ? new BrokerError('transport.refused', { next: 'stop', cause })
    : new BrokerError('transport.unreachable', { cause });
}

/** Of a request on a connection that stands: a folder that is missing or shut is the partner's to open. */
export function requestFailure(cause: unknown): BrokerError {
  const code = statusOf(cause);
  return code === STATUS.noSuchFile || code === STATUS.permissionDenied
    ? new BrokerError('transport.refused', { next: 'stop', cause })
    : new BrokerError('transport.unreachable', { cause });
}

export function statusOf(error: unknown): number | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
}
