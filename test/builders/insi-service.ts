/** A simulator on loopback and clients of it: what every INSi suite starts from. */
import { inspect } from 'node:util';
import { v7 } from 'uuid';
import { expect } from 'vitest';
import { BrokerError, type InsiMandate, type Traits } from '#core';
import { type InsiSimulator, startInsiSimulator } from '../../apps/simulators/src/insi/index.ts';
import {
  createInsiClient,
  type InsiClient,
  type InsiClientOptions,
} from '../../libs/identity/src/insi/index.ts';
import { type TestAuthority, testAuthority } from './insi-certificates.ts';

export const ISSUER = 'AC Relais essai';
export const IDAM = 'RL01TEST0001';
export const EMITTER = '10B0000001';

export interface InsiService {
  authority: TestAuthority;
  mandate: InsiMandate;
  simulator: InsiSimulator;
  /** `spsti-a` holds the mandate unless `mandateOf` says otherwise */
  client(more?: Partial<InsiClientOptions>): InsiClient;
  close(): Promise<void>;
}

export async function anInsiService(): Promise<InsiService> {
  const authority = await testAuthority(ISSUER);
  const server = await authority.server();
  const mandate: InsiMandate = {
    auto: await authority.client(`CN=INSI-AUTO, OU=${EMITTER}, O=SPSTI A, C=FR`),
    manu: await authority.client(`CN=INSI-MANU, OU=${EMITTER}, O=SPSTI A, C=FR`),
    idam: IDAM,
    emitter: EMITTER,
    from: '2020-01-01T00:00:00.000Z',
    to: '2100-01-01T00:00:00.000Z',
  };
  const simulator = await startInsiSimulator({
    port: 0,
    tls: { key: server.key, cert: server.certificate, ca: authority.certificate },
    idams: [IDAM],
  });
  const clients: InsiClient[] = [];
  return {
    authority,
    mandate,
    simulator,
    client(more = {}) {
      const client = createInsiClient({
        url: simulator.url,
        ca: authority.certificate,
        acceptedIssuers: [ISSUER],
        mandateOf: (spsti) => (spsti === 'spsti-a' ? mandate : undefined),
        software: { name: 'relais', version: '0.1.0', instance: '6f6c8f0e-5a3f-4b62-9d2e-1f0c2b3a4d5e' },
        clock: { now: () => new Date() },
        ids: { next: () => v7() },
        timeoutMs: 5_000,
        maxCallsPerPerson: 100,
        windowMs: 60_000,
        breaker: { failures: 50, openMs: 60_000 },
        ...more,
      });
      clients.push(client);
      return client;
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await simulator.close();
    },
  };
}

/** `NAME, GIVEN GIVEN` */
export function traits(names: string, sex: Traits['sex'], birthDate: string, birthPlace?: string): Traits {
  const [birthName = '', given = ''] = names.split(', ');
  return { birthName, firstNames: given.split(' '), sex, birthDate, ...(birthPlace ? { birthPlace } : {}) };
}

export const ZOE = traits('ADRUN, ZOE', 'F', '1975-12-31', '63220');
export const NOBODY = traits('INCONNU, SOLDAT', 'M', '1920-11-11');

export const NIR = '1.2.250.1.213.1.4.8';
export const PERSON = { spsti: 'spsti-a', startedBy: 'person' } as const;
export const SYSTEM = { spsti: 'spsti-a', startedBy: 'system' } as const;
/** of a caller who waits */
export const signal = new AbortController().signal;

/** The error of a call that must fail; whatever it is, nothing of ADRUN ZOE is in it. */
export async function failure(promise: Promise<unknown>): Promise<BrokerError> {
  const error: unknown = await promise.then(
    () => expect.fail('should have failed'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BrokerError);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/ADRUN|ZOE|1975-12-31|2751263220749/);
  return error as BrokerError;
}
