import { BrokerError } from '#core';

interface ImapFault {
  code?: string;
  tlsFailed?: boolean;
  authenticationFailed?: boolean;
}

/** How node names a fault of a certificate, and a failure of the handshake. */
const CERTIFICATE = /^(CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA|ERR_TLS_CERT)/;
const HANDSHAKE = /^(ERR_SSL_|ERR_TLS_|EPROTO$)/;
/** imapflow's own bounds */
const TOO_LARGE = ['LiteralTooLarge', 'LineTooLarge', 'ResponseTooLarge'];

/** What went wrong with an operator, by its code; whatever it said is never repeated. */
export function imapProblem(error: unknown): BrokerError {
  if (error instanceof BrokerError) return error;
  const { code = '', tlsFailed, authenticationFailed } = error as ImapFault;
  if (TOO_LARGE.includes(code)) return new BrokerError('body.too-large', { cause: error });
  if (CERTIFICATE.test(code)) return new BrokerError('mail.server-untrusted', { cause: error });
  if (tlsFailed === true || HANDSHAKE.test(code))
    return new BrokerError('mail.tls-refused', { cause: error });
  if (authenticationFailed === true) return new BrokerError('mail.access-refused', { cause: error });
  if (code.startsWith('E') || /Connect|Timeout|TIMEOUT/.test(code))
    return new BrokerError('transport.unreachable', { cause: error });
  return new BrokerError('transport.bad-answer', { cause: error });
}
