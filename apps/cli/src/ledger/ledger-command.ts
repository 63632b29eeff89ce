import type { Command } from 'commander';
import { storePlaceOf } from '../../../broker/src/config/store-place.ts';
import type { Cli } from '../cli.ts';

interface LedgerOptions {
  sent?: string[];
  received?: string[];
  json?: boolean;
}

/** `relais ledger`: exit 0 when everything balances, 1 when not. */
export function ledgerCommand(program: Command, cli: Cli): void {
  program
    .command('ledger')
    .description(
      'le grand livre : ce que chaque message accepté est devenu, et ce que les partenaires en ont',
    )
    .option('--sent <dossiers...>', 'récépissés gardés par un expéditeur, [partenaire=]dossier')
    .option('--received <fichiers...>', 'received.ndjson d’un destinataire, [partenaire=]fichier')
    .option('--json', 'pour un programme')
    .action((options: LedgerOptions) => ledger(cli, options));
}

async function ledger(cli: Cli, { sent = [], received = [], json = false }: LedgerOptions): Promise<void> {
  const { audit } = await import('./audit.ts');
  const { namedPath } = await import('./partner-files.ts');
  const { report } = await import('./report.ts');
  const store = storePlaceOf(await cli.configuration());
  const result = await audit({ store, sent: sent.map(namedPath), received: received.map(namedPath) });
  const files = { sent: sent.length, received: received.length };
  cli.out(json ? JSON.stringify(result, null, 2) : report(result, files).trimEnd());
  cli.exitCode = result.balanced ? 0 : 1;
}
