import type { Command } from 'commander';
import type { Cli } from '../cli.ts';

export function startCommand(program: Command, cli: Cli): void {
  program
    .command('start')
    .description('démarre le courtier ; SIGTERM ou Ctrl-C l’arrête une fois fini ce qui est en cours')
    .action(async () => {
      const { runBroker } = await import('../../../broker/src/run.ts');
      cli.exitCode = await runBroker(await cli.configuration());
    });
}
