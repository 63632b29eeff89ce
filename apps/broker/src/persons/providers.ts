/** Persons, wired: who speaks, by which issuer, and what was delegated to them. */
import type { Provider } from '@nestjs/common';
import type { Clock, Directory } from '#core';
import type { Store } from '#storage';
import type { Configuration } from '../config/environment.ts';
import type { OpenidRegistrations } from '../config/openid-file.ts';
import { uuidv7 } from '../engine/stage-ports.ts';
import type { ClientCertificates } from '../http/client-certificates.ts';
import { ApiTokens } from '../psc-exchange/api-tokens.ts';
import { isHandle } from '../psc-sessions/handle.ts';
import { PscSessions } from '../psc-sessions/psc-sessions.ts';
import { CLIENT_CERTIFICATES, CLOCK, CONFIGURATION, DIRECTORY, STORE } from '../tokens.ts';
import { Bearer } from './bearer.ts';
import { certificateOf } from './certificate-of.ts';
import { Delegations } from './delegations.ts';
import {
  type IssuerSettings,
  operatorIssuer,
  ownSpaceIssuers,
  pscIssuer,
  staffIssuers,
} from './issuer-settings.ts';
import { Issuers } from './issuers.ts';
import { PersonOfRequest } from './person-of-request.ts';
import { PublicOrigin } from './public-origin.ts';
import { SessionCookies } from './session-cookies.ts';
import { Sessions } from './sessions.ts';
import { SignIn } from './sign-in.ts';

export function personProviders(registrations: OpenidRegistrations): Provider[] {
  return [
    { provide: PublicOrigin, useFactory: () => new PublicOrigin() },
    {
      provide: Issuers,
      inject: [CONFIGURATION, DIRECTORY, CLOCK],
      useFactory: (configuration: Configuration, directory: Directory, clock: Clock) =>
        new Issuers(issuersOf(configuration, directory, registrations), clock),
    },
    {
      provide: Bearer,
      inject: [Issuers, DIRECTORY, CLOCK],
      useFactory: (issuers: Issuers, directory: Directory, clock: Clock) =>
        new Bearer(issuers, directory, clock),
    },
    { provide: Sessions, inject: [CLOCK], useFactory: (clock: Clock) => new Sessions(clock) },
    {
      provide: SessionCookies,
      inject: [Sessions, PublicOrigin],
      useFactory: (sessions: Sessions, origin: PublicOrigin) => new SessionCookies(sessions, origin.get),
    },
    {
      provide: SignIn,
      inject: [Issuers, Sessions, DIRECTORY, CLOCK, PublicOrigin],
      useFactory: (
        issuers: Issuers,
        sessions: Sessions,
        directory: Directory,
        clock: Clock,
        origin: PublicOrigin,
      ) => new SignIn(issuers, sessions, directory, clock, origin.get),
    },
    {
      provide: PersonOfRequest,
      inject: [Bearer, SessionCookies, DIRECTORY, CLIENT_CERTIFICATES, PscSessions, ApiTokens],
      useFactory: (
        bearer: Bearer,
        cookies: SessionCookies,
        directory: Directory,
        certificates: ClientCertificates,
        sessions: PscSessions,
        apiTokens: ApiTokens,
      ) =>
        new PersonOfRequest(bearer, cookies, directory, (request) => certificateOf(request, certificates), [
          { takes: isHandle, persons: (handle, certificate) => sessions.persons(handle, certificate) },
          apiTokens,
        ]),
    },
    {
      provide: Delegations,
      inject: [STORE, DIRECTORY, CLOCK],
      useFactory: ({ records, unitOfWork }: Store, directory: Directory, clock: Clock) =>
        new Delegations(records, unitOfWork, directory, clock, uuidv7),
    },
  ];
}

function issuersOf(
  { openid, otpAloneUntil }: Configuration,
  directory: Directory,
  { psc, operator, staff, workers, employers }: OpenidRegistrations,
): IssuerSettings[] {
  const settings = pscIssuer({
    issuer: openid.issuer,
    clientId: openid.clientId,
    clientSecret: openid.clientSecret?.reveal() ?? '',
    ...psc,
  });
  return [
    {
      ...settings,
      acr: openid.acr,
      ...(openid.discovery === undefined ? {} : { discovery: openid.discovery }),
    },
    ...(operator === undefined ? [] : [operatorIssuer(operator, otpAloneUntil)]),
    ...staffIssuers(directory, staff ?? {}, otpAloneUntil),
    ...ownSpaceIssuers('worker', directory, workers ?? {}),
    ...ownSpaceIssuers('employer', directory, employers ?? {}),
  ];
}
