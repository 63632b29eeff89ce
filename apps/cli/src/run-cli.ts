import { Command, CommanderError } from 'commander';
import type { Cli } from './cli.ts';
import { backupCommands } from './commands/backup.ts';
import { benchCommand } from './commands/bench.ts';
import { conformanceCommand } from './commands/conformance.ts';
import { contractsCommand } from './commands/contracts.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { edgeCommand } from './commands/edge.ts';
import { generateCommand } from './commands/generate.ts';
import { interopsCommand } from './commands/interops.ts';
import { journalCommand } from './commands/journal.ts';
import { keysCommand } from './commands/keys.ts';
import { mailboxCommand } from './commands/mailbox.ts';
import { migrateCommand } from './commands/migrate.ts';
import { operationsCommand } from './commands/operations.ts';
import { partnerCommand } from './commands/partner.ts';
import { replayCommand } from './commands/replay.ts';
import { retentionCommand } from './commands/retention.ts';
import { sendCommand } from './commands/send.ts';
import { startCommand } from './commands/start.ts';
import { inFrench, usageError } from './french.ts';
import { ledgerCommand } from './ledger/ledger-command.ts';

const BAD_USAGE = 2;

/**
 * Runs one command.
 * @returns the exit code: 0 done, 1 refused or failed, 2 badly called
 */
export async function runCli(
  words: readonly string[],
  screen: Pick<Cli, 'out' | 'err' | 'stop' | 'stdout'> & Partial<Pick<Cli, 'now'>>,
): Promise<number> {
  const program = inFrench(new Command('relais'))
    .description('Courtier de messages de la santé au travail.')
    .option('--home <dossier>', 'dossier de Relais, à la place de RELAIS_HOME')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => screen.out(text.trimEnd()),
      writeErr: (text) => screen.err(text.trimEnd()),
      outputError: () => undefined,
    });
  const cli: Cli = {
    now: () => new Date(),
    ...screen,
    exitCode: 0,
    configuration: async (asProduction = false) => {
      const { environmentWith, readConfiguration } = await import('../../broker/src/config/environment.ts');
      const { home } = program.opts<{ home?: string }>();
      return readConfiguration(
        environmentWith({
          ...(home === undefined ? {} : { RELAIS_HOME: home }),
          ...(asProduction ? { RELAIS_ENVIRONMENT: 'production' } : {}),
        }),
      );
    },
  };
  startCommand(program, cli);
  demoCommand(program, cli);
  doctorCommand(program, cli);
  migrateCommand(program, cli);
  contractsCommand(program, cli);
  partnerCommand(program, cli);
  sendCommand(program, cli);
  mailboxCommand(program, cli);
  interopsCommand(program, cli);
  journalCommand(program, cli);
  ledgerCommand(program, cli);
  keysCommand(program, cli);
  backupCommands(program, cli);
  retentionCommand(program, cli);
  operationsCommand(program, cli);
  replayCommand(program, cli);
  generateCommand(program, cli);
  conformanceCommand(program, cli);
  edgeCommand(program, cli);
  benchCommand(program, cli);
  try {
    await program.parseAsync(words, { from: 'user' });
    return cli.exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      const { failureLines } = await import('./failure.ts');
      for (const line of failureLines(error)) screen.err(line);
      return 1;
    }
    if (error.exitCode === 0) return 0;
    const said = usageError(error);
    if (said !== undefined) screen.err(said);
    return BAD_USAGE;
  }
}
