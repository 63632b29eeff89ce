import { BrokerError, type ErrorCode } from '#core';

/** RFC 6749 §5.2 and RFC 8693 §2.2.2 */
export type OauthErrorName =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'invalid_target'
  | 'unsupported_grant_type'
  | 'temporarily_unavailable';

export interface OauthProblem {
  error: OauthErrorName;
  /** the code of the closed list, as everywhere else */
  code: ErrorCode;
}

/** A request that says `error` in its own terms. @param name of the parameter at fault */
export function badRequest(error: OauthErrorName, name: string): BrokerError {
  return new BrokerError('content.invalid', {
    findings: [{ pointer: `/${name}`, code: `oauth.${error}`, detail: 'Paramètre absent ou refusé.' }],
  });
}

export function oauthStatus({ error }: OauthProblem): number {
  if (error === 'temporarily_unavailable') return 503;
  return error === 'invalid_client' ? 401 : 400;
}

/** What an OAuth client understands of a refusal. */
export function oauthProblem({ code, findings, next }: BrokerError): OauthProblem {
  const own = /^oauth\.(\w+)$/.exec(findings[0]?.code ?? '')?.[1] as OauthErrorName | undefined;
  if (own !== undefined) return { error: own, code };
  if (code.startsWith('client.')) return { error: 'invalid_client', code };
  if (next !== 'reject') return { error: 'temporarily_unavailable', code };
  return {
    error:
      code === 'person.unauthenticated' || code === 'role.not-allowed' ? 'invalid_grant' : 'invalid_request',
    code,
  };
}
