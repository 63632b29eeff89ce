import { AuthorizationResponseError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { BrokerError } from '#core';

/**
 * What went wrong with an issuer, as one of our codes. The library's errors carry claims and responses in
 * their causes: only their code is kept, so that no identity trait reaches a log.
 */
export function issuerFailure(error: unknown): BrokerError {
  if (error instanceof BrokerError) return error;
  if (error instanceof Error && error.cause instanceof BrokerError) return error.cause;
  if (error instanceof AuthorizationResponseError) {
    const detail = error.error === 'access_denied' ? 'Connexion annulée.' : undefined;
    return refused(error.error, detail);
  }
  if (error instanceof ResponseBodyError) {
    // our own registration is wrong: nothing that the person could do better
    if (error.error === 'invalid_client' || error.error === 'unauthorized_client') {
      return new BrokerError('configuration.invalid', { cause: new Error(error.error) });
    }
    return refused(error.error);
  }
  if (
    error instanceof WWWAuthenticateChallengeError &&
    error.cause.some(({ scheme }) => scheme === 'basic')
  ) {
    return new BrokerError('configuration.invalid', { cause: new Error('invalid_client') });
  }
  const code = codeOf(error);
  const unreachable =
    code === 'OAUTH_TIMEOUT' ||
    (error instanceof TypeError && error.message === 'fetch failed') ||
    (error instanceof Error && error.cause instanceof Response && error.cause.status >= 500);
  return unreachable
    ? new BrokerError('transport.unreachable', {
        detail: 'Le fournisseur d’identité ne répond pas.',
        cause: new Error(code),
      })
    : refused(code);
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'name' in error && typeof error.name === 'string' ? error.name : 'unknown';
}

function refused(code: string, detail?: string): BrokerError {
  return new BrokerError('person.unauthenticated', {
    cause: new Error(code),
    ...(detail === undefined ? {} : { detail }),
  });
}
