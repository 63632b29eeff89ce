import { basename } from 'node:path';
import type { Command } from 'commander';
import { BrokerError } from '#core';
import type { Cli } from '../cli.ts';

interface VerifyWords {
  witness?: string[];
  kid?: string[];
}

export function journalCommand(program: Command, cli: Cli): void {
  const journal = program.command('journal').description('le journal scellé').helpCommand(false);
  journal
    .command('verify')
    .description('vérifie un export du journal, sans courtier ni base ; code 1 s’il n’est pas intègre')
    .argument('<fichier>', 'export (NDJSON)')
    .option('--witness <fichiers...>', 'sceaux ou reçus gardés ailleurs, que l’export doit contenir')
    .option('--kid <empreintes...>', 'seules clés publiques à croire, reçues par une autre voie')
    .addHelpText('after', EXPORT_HELP)
    .action((file: string, words: VerifyWords) => verify(cli, file, words));
}

const EXPORT_HELP = `
L’export se demande au courtier, par un exploitant ou un auditeur :
  curl -o journal.ndjson -H "Authorization: Bearer $JETON" -H "Relais-Issuer: operator" \\
    http://localhost:8444/v1/journal/export`;

async function verify(cli: Cli, file: string, { witness, kid }: VerifyWords): Promise<void> {
  const { verifyJournal } = await import('../journal-verify/verify-journal.ts');
  const { reportOf } = await import('../journal-verify/verdict.ts');
  const verdict = await verifyJournal(file, {
    ...(witness === undefined ? {} : { witnesses: witness }),
    ...(kid === undefined ? {} : { trustedKids: kid }),
  });
  const { firstBad, entries, seals } = verdict;
  if (firstBad !== undefined && firstBad.line <= 1 && entries + seals === 0 && isNoExport(firstBad.code))
    throw new BrokerError('event.malformed', {
      detail: `${basename(file)} n’est pas un export du journal de Relais [${firstBad.code}]`,
    });
  for (const line of reportOf(verdict)) cli.out(line);
  if (!verdict.ok) cli.exitCode = 1;
}

/** An export by other keys than those given is one all the same. */
function isNoExport(code: string): boolean {
  return code !== 'export.key-unknown' && code !== 'export.unfinished';
}
