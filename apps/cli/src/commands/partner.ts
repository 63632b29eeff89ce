import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { positive } from '../french.ts';
import type { AddWords } from './partner/add-partner.ts';
import type { KeysWords } from './partner/partner-keys.ts';

export function partnerCommand(program: Command, cli: Cli): void {
  const partner = program
    .command('partner')
    .description('les partenaires ; un courtier en marche suit le fichier en quelques secondes')
    .helpCommand(false);

  partner
    .command('list')
    .description('liste les partenaires en vigueur')
    .action(async () => {
      const { listPartners } = await import('./partner/list-partners.ts');
      await listPartners(cli);
    });

  partner
    .command('add')
    .description('ajoute un partenaire')
    .argument('<id>', 'minuscules, chiffres et tirets')
    .requiredOption('--name <nom>', 'nom montré aux personnes')
    .requiredOption('--client <fichier>', 'certificat client (PEM) : il nomme le partenaire')
    .option('--kind <genre>', 'spsti, hdh, esms, dmp, cnam…', 'spsti')
    .option('--flows <flux>', 'flux qu’il peut envoyer, séparés par des virgules')
    .option('--endpoint <url>', 'adresse https où pousser ; sans elle, il relève sa boîte')
    .option('--amqp', 'ou il a sa file dans RabbitMQ : voyez ensuite « relais partner amqp »')
    .option('--enc <fichier>', 'certificat de chiffrement du service (PEM)')
    .option('--enc-h <fichier>', 'certificat de chiffrement de ses professionnels de santé (PEM)')
    .option('--siret <numéro>', '14 chiffres')
    .option('--rate <nombre>', 'messages par minute', positive)
    .action(async (id: string, words: AddWords) => {
      const { addPartner } = await import('./partner/add-partner.ts');
      await addPartner(cli, id, words);
    });

  partner
    .command('keys')
    .description('montre les certificats d’un partenaire, ou les change')
    .argument('<id>')
    .option('--enc <fichier>', 'nouveau certificat de chiffrement du service, en tête')
    .option('--enc-h <fichier>', 'nouveau certificat de ses professionnels de santé, en tête')
    .option('--remove <empreinte>', 'retire un certificat de chiffrement')
    .option('--client <fichier>', 'certificat client ; remet en service un partenaire révoqué')
    .action(async (id: string, words: KeysWords) => {
      const { partnerKeys } = await import('./partner/partner-keys.ts');
      await partnerKeys(cli, id, words);
    });

  partner
    .command('amqp')
    .description('donne les commandes qui ouvrent à un partenaire sa file dans RabbitMQ, et rien d’autre')
    .argument('<id>')
    .action(async (id: string) => {
      const { partnerAmqp } = await import('./partner/partner-amqp.ts');
      await partnerAmqp(cli, id);
    });

  partner
    .command('revoke')
    .description('interdit à un partenaire de se connecter ; ses clés de chiffrement restent')
    .argument('<id>')
    .option(
      '--certificate <fichier>',
      'son certificat client, à mettre aussi sur la liste de l’autorité de test',
    )
    .action(async (id: string, words: { certificate?: string }) => {
      const { revokePartner } = await import('./partner/revoke-partner.ts');
      await revokePartner(cli, id, words.certificate);
    });
}
