import { badRequest } from './oauth-error.ts';

export const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
export const JWT = 'urn:ietf:params:oauth:token-type:jwt';
/** what the API token opens: the routes of `/v1`, as that person */
export const SCOPE = 'relais';
export const AUDIENCE = 'urn:relais:broker';

export interface ExchangeRequest {
  clientId: string;
  subjectToken: string;
  actorToken?: string;
}

/**
 * RFC 8693 §2.1, strictly: a parameter given twice, or one that would change what is asked, refuses.
 *
 * @throws BrokerError `content.invalid` with the OAuth error in its finding
 */
export function exchangeRequest(body: string): ExchangeRequest {
  const form = new URLSearchParams(body);
  const one = (name: string): string | undefined => {
    const [value, ...more] = form.getAll(name);
    if (more.length > 0) throw badRequest('invalid_request', name);
    return value === '' ? undefined : value;
  };
  const needed = (name: string): string => {
    const value = one(name);
    if (value === undefined) throw badRequest('invalid_request', name);
    return value;
  };
  const allowed = (name: string, values: readonly string[]): void => {
    if (!values.includes(needed(name))) throw badRequest('invalid_request', name);
  };

  if (needed('grant_type') !== GRANT) throw badRequest('unsupported_grant_type', 'grant_type');
  const clientId = needed('client_id');
  allowed('subject_token_type', [ACCESS_TOKEN, JWT]);
  if (one('requested_token_type') !== undefined) allowed('requested_token_type', [ACCESS_TOKEN]);
  // a parameter of Keycloak, which some servers ask for
  if (one('subject_issuer') !== undefined) allowed('subject_issuer', ['psc']);
  if (one('scope') !== SCOPE) throw badRequest('invalid_scope', 'scope');
  if (one('resource') !== undefined) throw badRequest('invalid_target', 'resource');
  const audience = one('audience');
  if (audience !== undefined && audience !== AUDIENCE) throw badRequest('invalid_target', 'audience');
  const actorToken = one('actor_token');
  if (actorToken !== undefined) allowed('actor_token_type', [JWT]);
  else if (one('actor_token_type') !== undefined) throw badRequest('invalid_request', 'actor_token');
  return {
    clientId,
    subjectToken: needed('subject_token'),
    ...(actorToken === undefined ? {} : { actorToken }),
  };
}
