import type { Command } from 'commander';
import { audit } from './audit.ts';
import { namedPath } from './partner-files.ts';
import { report } from './report.ts';

interface LedgerOptions {
  home: string;
  sent?: string[];
  received?: string[];
  json?: boolean;
}

/** `relais ledger`: exit 0 when everything balances, 1 when not, 2 when something could not be read. */
export function ledgerCommand(program: Command): void {
  program
    .command('ledger')
    .description(
      'le grand livre : chaque message accepté, ce qu’il est devenu, et ce que les partenaires en ont',
    )
    .option('--home <dossier>', 'dossier du broker, en marche ou non', 'var')
    .option('--sent <dossier...>', 'récépissés gardés par un expéditeur, [partenaire=]dossier')
    .option('--received <fichier...>', 'received.ndjson d’un destinataire, [partenaire=]fichier')
    .option('--json', 'pour un programme')
    .action(run);
}

async function run({ home, sent = [], received = [], json = false }: LedgerOptions): Promise<void> {
  try {
    const result = await audit({ home, sent: sent.map(namedPath), received: received.map(namedPath) });
    const files = { sent: sent.length, received: received.length };
    process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : report(result, files));
    process.exitCode = result.balanced ? 0 : 1;
  } catch (error) {
    process.stderr.write(`relais ledger : ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
