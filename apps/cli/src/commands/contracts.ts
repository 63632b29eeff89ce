import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { BrokerError, type Partner, type PartnerKind } from '#core';
import type { Cli } from '../cli.ts';

export function contractsCommand(program: Command, cli: Cli): void {
  const contracts = program.command('contracts').description('les contrats des flux').helpCommand(false);
  contracts
    .command('export')
    .description('écrit tous les contrats et leurs schémas, en JSON canonique')
    .option('--out <fichier>', 'au lieu de la sortie')
    .action(async ({ out }: { out?: string }) => {
      const { exportContracts, writeExport } = await import('../contracts/export-contracts.ts');
      const text = writeExport(exportContracts());
      if (out === undefined) cli.out(text.trimEnd());
      else writeFileSync(out, text);
    });
  contracts
    .command('check')
    .description(
      'vérifie un fichier JSON contre le contrat d’un flux, sans courtier ; code 1 s’il n’est pas conforme',
    )
    .argument('<flux>')
    .argument('<fichier>')
    .option('--object <objet>', 'objet du flux, à la place du premier')
    .action((flow: string, file: string, words: { object?: string }) => check(cli, flow, file, words.object));
  contracts
    .command('diff')
    .description('dit quel changement casse quels partenaires ; code 1 s’il y en a un')
    .argument('<ancien>', 'export d’avant')
    .argument('<nouveau>', 'export d’après')
    .action((before: string, after: string) => diff(cli, before, after));
}

async function check(cli: Cli, flow: string, file: string, object: string | undefined): Promise<void> {
  const { checkFile } = await import('../contracts/check-file.ts');
  const findings = checkFile(flow, object, readFileSync(file), cli.now());
  if (findings === undefined)
    throw new BrokerError('flow.unknown', { detail: 'Ce flux, ou cet objet du flux, n’existe pas.' });
  for (const { pointer, code, detail } of findings) cli.out(`${pointer || '(tout)'} : ${detail} [${code}]`);
  cli.out(findings.length === 0 ? 'conforme' : `${findings.length} écart(s)`);
  if (findings.length > 0) cli.exitCode = 1;
}

async function diff(cli: Cli, before: string, after: string): Promise<void> {
  const { readExport } = await import('../contracts/export-contracts.ts');
  const { diffContracts } = await import('../contracts/diff-contracts.ts');
  const read = (file: string) => {
    try {
      return readExport(readFileSync(file, 'utf8'));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== undefined) throw cause;
      throw new BrokerError('event.malformed', {
        detail: `${basename(file)} n’est pas un export de contrats, ou il a été changé.`,
      });
    }
  };
  const changes = diffContracts(read(before), read(after));
  const partners = await partnersHere(cli);
  for (const { object, pointer, says, breaks } of changes) {
    const whom = breaks.length === 0 ? 'ne casse personne' : `casse ${named(breaks, partners)}`;
    cli.out(`${object} ${pointer || '(contrat)'} : ${says} — ${whom}`);
  }
  const breaking = changes.filter(({ breaks }) => breaks.length > 0).length;
  cli.out(
    changes.length === 0
      ? 'aucun changement'
      : `${changes.length} changement(s), dont ${breaking} qui casse(nt)`,
  );
  if (breaking > 0) cli.exitCode = 1;
}

/** Partners of this home where there is one; without, the kinds are told. */
async function partnersHere(cli: Cli): Promise<readonly Partner[]> {
  const { existsSync } = await import('node:fs');
  const { partnersFile } = await cli.configuration();
  if (!existsSync(partnersFile)) return [];
  const { readPartners } = await import('../../../broker/src/config/partners-file.ts');
  return readPartners(partnersFile).partners;
}

function named(kinds: readonly PartnerKind[], partners: readonly Partner[]): string {
  return kinds
    .map((kind) => {
      const ids = partners.filter((partner) => partner.kind === kind).map(({ id }) => id);
      return ids.length === 0 ? kind : ids.join(', ');
    })
    .join(', ');
}
