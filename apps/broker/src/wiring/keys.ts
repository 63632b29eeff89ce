/** Relais’ own keys, and what is sealed, signed and stored with them. */
import { join } from 'node:path';
import type { Provider } from '@nestjs/common';
import type { Clock } from '#core';
import {
  EncryptionKeys,
  EnvelopeVault,
  JweProtection,
  Keyring,
  PseudonymKey,
  SigningKeys,
  TenantKeys,
  TrustStore,
} from '#protection';
import type { Configuration } from '../config/environment.ts';
import { KeyedSubjects } from '../engine/own-subjects.ts';
import { KeyedWorkers } from '../engine/worker-pseudonyms.ts';
import { Jwks } from '../operations/jwks.ts';
import { CLOCK, CONFIGURATION, TRUST } from '../tokens.ts';

export const keys: Provider[] = [
  {
    provide: SigningKeys,
    inject: [CONFIGURATION],
    useFactory: ({ home }: Configuration) => new SigningKeys(join(home, 'keys', 'signing')),
  },
  {
    provide: EncryptionKeys,
    inject: [CONFIGURATION],
    useFactory: ({ home }: Configuration) => new EncryptionKeys(join(home, 'keys', 'encryption')),
  },
  {
    provide: TenantKeys,
    inject: [CONFIGURATION, SigningKeys],
    useFactory: ({ home }: Configuration, signing: SigningKeys) =>
      new TenantKeys(join(home, 'keys', 'portal'), signing),
  },
  {
    provide: JweProtection,
    inject: [SigningKeys, EncryptionKeys, TRUST, CLOCK, TenantKeys],
    useFactory: (
      signing: SigningKeys,
      own: EncryptionKeys,
      trust: TrustStore,
      clock: Clock,
      tenants: TenantKeys,
    ) => new JweProtection(signing, own, trust, clock, tenants),
  },
  {
    provide: Keyring,
    inject: [CONFIGURATION],
    useFactory: ({ kek }: Configuration) => {
      const bytes = kek.value?.reveal();
      return bytes === undefined ? Keyring.fromFile(kek.file) : Keyring.fromText(bytes);
    },
  },
  {
    provide: EnvelopeVault,
    inject: [Keyring],
    useFactory: (ring: Keyring) => new EnvelopeVault(ring),
  },
  {
    provide: PseudonymKey,
    inject: [CONFIGURATION],
    useFactory: ({ home }: Configuration) => new PseudonymKey(join(home, 'keys', 'workers')),
  },
  {
    provide: KeyedWorkers,
    inject: [PseudonymKey, CLOCK],
    useFactory: (key: PseudonymKey, clock: Clock) => new KeyedWorkers(key, clock),
  },
  {
    provide: KeyedSubjects,
    inject: [PseudonymKey, CLOCK],
    useFactory: (key: PseudonymKey, clock: Clock) => new KeyedSubjects(key, clock),
  },
  {
    provide: Jwks,
    inject: [SigningKeys, EncryptionKeys],
    useFactory: (signing: SigningKeys, encryption: EncryptionKeys) => new Jwks(signing, encryption),
  },
];
