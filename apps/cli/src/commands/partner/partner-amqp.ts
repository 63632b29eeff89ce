import { randomBytes } from 'node:crypto';
import { BrokerError } from '#core';
import { Names, partnerPermissions, partnerUser } from '#transports';
import { readPartners } from '../../../../broker/src/config/partners-file.ts';
import type { Cli } from '../../cli.ts';
import { unknownPartner } from './edit-partners.ts';

/**
 * Prints what an administrator of RabbitMQ runs; runs nothing and keeps nothing: the password is shown this once.
 * @throws BrokerError `not-found`, `state.conflict` when it has no queue, `configuration.invalid` without AMQP_URL
 */
export async function partnerAmqp(cli: Cli, id: string): Promise<void> {
  const { amqpUrl, partnersFile } = await cli.configuration();
  const partner = readPartners(partnersFile).partners.find((one) => one.id === id);
  if (partner === undefined) throw unknownPartner(id);
  if (partner.transport !== 'amqp')
    throw new BrokerError('state.conflict', {
      detail: `${id} reçoit par ${partner.transport}, pas par amqp.`,
    });
  if (amqpUrl === undefined)
    throw new BrokerError('configuration.invalid', {
      detail: 'AMQP_URL manque : la file est dans RabbitMQ.',
    });
  const user = quoted(partnerUser(id));
  const { configure, write, read } = partnerPermissions(id);
  const permissions = [configure, write, read].map(quoted).join(' ');
  const password = quoted(randomBytes(24).toString('base64url'));
  cli.out(`rabbitmqctl add_user ${user} ${password}`);
  cli.out(`rabbitmqctl set_permissions -p ${quoted(virtualHost(amqpUrl.reveal()))} ${user} ${permissions}`);
  cli.out('');
  cli.out(`File : ${new Names().queue(id)} ; accusés : exchange ${new Names().receipts}, clé ${id}.`);
  cli.out('Le mot de passe n’est montré qu’ici. Pour le changer : rabbitmqctl change_password.');
  cli.out(`Pour fermer l’accès : rabbitmqctl delete_user ${user}`);
}

/** AMQP URI: no path is the virtual host `/`. */
function virtualHost(url: string): string {
  const { pathname } = new URL(url);
  return pathname.length > 1 ? decodeURIComponent(pathname.slice(1)) : '/';
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
