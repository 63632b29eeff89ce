import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { BrokerError } from '#core';
import type { Cli } from '../cli.ts';

export function interopsCommand(program: Command, cli: Cli): void {
  const interops = program.command('interops').description('les conventions INTEROPS').helpCommand(false);
  interops
    .command('agreement')
    .description('écrit la convention d’un partenaire en XML, sans clé privée')
    .argument('[partenaire]')
    .option('--xsd', 'le schéma de ce XML, à la place')
    .option('--out <fichier>', 'au lieu de la sortie')
    .action(async (partner: string | undefined, { out, xsd }: { out?: string; xsd?: true }) => {
      const text = xsd === true ? await schema() : await agreement(cli, partner ?? '');
      if (out === undefined) cli.out(text.trimEnd());
      else writeFileSync(out, text);
    });
}

async function schema(): Promise<string> {
  const { AGREEMENT_XSD } = await import('../interops/agreement-xsd.ts');
  return AGREEMENT_XSD;
}

async function agreement(cli: Cli, id: string): Promise<string> {
  const { partnersFile } = await cli.configuration();
  const { readPartners } = await import('../../../broker/src/config/partners-file.ts');
  const { agreementXml } = await import('../interops/agreement-xml.ts');
  const partner = readPartners(partnersFile).partners.find((one) => one.id === id);
  if (partner?.channels?.['interops-soap'] === undefined)
    throw new BrokerError('not-found', { detail: 'Ce partenaire n’a pas de convention INTEROPS.' });
  return agreementXml(partner, partner.channels['interops-soap']);
}
