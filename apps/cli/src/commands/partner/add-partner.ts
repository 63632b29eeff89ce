import { flows as contracts } from '#contracts';
import { BrokerError, type PartnerKind, type TransportName } from '#core';
import { clientIdentity } from '#protection';
import type { Cli } from '../../cli.ts';
import { trustOf } from '../../trust.ts';
import { editPartners, type WrittenPartner } from './edit-partners.ts';
import { readCertificate } from './read-certificate.ts';

export interface AddWords {
  name: string;
  client: string;
  kind: string;
  flows?: string;
  endpoint?: string;
  amqp?: boolean;
  enc?: string;
  encH?: string;
  siret?: string;
  rate?: number;
}

/** @throws BrokerError `state.conflict` when the id is taken, `flow.unknown`, `configuration.invalid` */
export async function addPartner(cli: Cli, id: string, words: AddWords): Promise<void> {
  const configuration = await cli.configuration();
  const judge = { trust: await trustOf(configuration), now: cli.now() };
  const { name, kind, endpoint, enc, encH, siret, rate } = words;
  const encryption = (file: string) => [readCertificate(file, 'encryption', judge).toString()];
  const client = clientIdentity(readCertificate(words.client, 'client', judge));
  const partner: WrittenPartner = {
    id,
    kind: kind as PartnerKind,
    name,
    ...(siret === undefined ? {} : { siret }),
    client,
    flows: knownFlows(words.flows),
    transport: transportOf(words),
    ...(endpoint === undefined ? {} : { endpoint }),
    keys: {
      ...(enc === undefined ? {} : { enc: encryption(enc) }),
      ...(encH === undefined ? {} : { 'enc-h': encryption(encH) }),
    },
    ...(rate === undefined ? {} : { rate }),
  };
  editPartners(configuration.partnersFile, (partners) => {
    if (partners.some((other) => other.id === id))
      throw new BrokerError('state.conflict', { detail: `Le partenaire ${id} existe déjà.` });
    return [...partners, partner];
  });
  cli.out(`${id} ajouté, reconnu à son certificat :`);
  cli.out(`  titulaire ${client.subject}`);
  cli.out(`  autorité  ${client.issuer}`);
  cli.out('Un courtier en marche le reconnaît dans quelques secondes.');
}

function transportOf({ amqp, endpoint }: AddWords): TransportName {
  if (endpoint === undefined) return amqp === true ? 'amqp' : 'mailbox';
  if (amqp !== true) return 'https';
  throw new BrokerError('configuration.invalid', {
    detail: 'Une adresse ou une file : choisissez --endpoint ou --amqp.',
  });
}

function knownFlows(text = ''): string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const known = contracts.map(({ contract }) => contract.flow);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new BrokerError('flow.unknown', {
      detail: `${unknown.join(', ')} ; flux en service : ${known.join(', ')}`,
    });
  return names;
}
