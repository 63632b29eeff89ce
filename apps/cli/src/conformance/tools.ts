/** What the broker of this home would seal, sign and render with: same keys, same authorities, same flows in force. */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { contractHash, flows } from '#contracts';
import { BrokerError, type Clock, type Directory, type IdentityVigilance, type Renderer } from '#core';
import { createRenderer } from '#documents';
import { EncryptionKeys, JweProtection, SigningKeys, type TrustStore } from '#protection';
import { readCampaigns, withCampaign } from '../../../broker/src/config/campaigns-file.ts';
import type { Configuration } from '../../../broker/src/config/environment.ts';
import { readPartners } from '../../../broker/src/config/partners-file.ts';
import { FlowsInForce } from '../../../broker/src/directory/flows-in-force.ts';
import { createIdentity } from '../../../broker/src/engine/identity.ts';
import { uuidv7 } from '../../../broker/src/engine/stage-ports.ts';
import { trustOf } from '../trust.ts';

export interface Tools {
  configuration: Configuration;
  clock: Clock;
  directory: Directory;
  flows: FlowsInForce;
  signing: SigningKeys;
  encryption: EncryptionKeys;
  trust: TrustStore;
  /** by Relais' own signature */
  protection: JweProtection;
  renderer: Renderer & { close(): Promise<void> };
  identity: IdentityVigilance;
  /** version of this Relais */
  version: string;
}

const PACKAGE = findPackageJSON(import.meta.url) ?? '';

/** @throws BrokerError `configuration.invalid` in production: what is signed here tells of people who do not exist */
export async function openTools(configuration: Configuration, clock: Clock): Promise<Tools> {
  if (configuration.environment === 'production')
    throw new BrokerError('configuration.invalid', {
      detail: 'L’épreuve signe des messages fictifs : elle se passe sur une installation de test.',
    });
  const { home, partnersFile, campaignsFile } = configuration;
  const { partners } = readPartners(partnersFile);
  const directory: Directory = {
    partner: (id) => partners.find((partner) => partner.id === id),
    all: () => partners,
  };
  const campaigns = readCampaigns(campaignsFile, flows);
  const signing = new SigningKeys(join(home, 'keys', 'signing'));
  const encryption = new EncryptionKeys(join(home, 'keys', 'encryption'));
  const trust = await trustOf(configuration);
  const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };
  return {
    configuration,
    clock,
    directory,
    flows: new FlowsInForce(
      flows.map((flow) => withCampaign(flow, campaigns)),
      contractHash,
      join(dirname(PACKAGE), 'contracts'),
      // a vendor is tested before its flow is opened
      flows.flatMap(({ contract: { feature } }) => (feature === undefined ? [] : [feature])),
    ),
    signing,
    encryption,
    trust,
    protection: new JweProtection(signing, encryption, trust, clock),
    renderer: createRenderer({ threads: 1 }),
    identity: createIdentity(configuration, { clock, ids: uuidv7, directory }).vigilance,
    version,
  };
}
