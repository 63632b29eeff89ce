import type { Command } from 'commander';
import { BrokerError } from '#core';
import type { Cli } from '../cli.ts';

export function demoCommand(program: Command, cli: Cli): void {
  program
    .command('demo')
    .description('fait passer chaque flux, avec des données et des partenaires fictifs, sur cette machine')
    .option('--once', 's’arrête à la fin ; code 0 seulement si tout est remis, relu et journalisé')
    .action(async ({ once = false }: { once?: boolean }) => {
      if (program.opts<{ home?: string }>().home !== undefined)
        throw new BrokerError('configuration.invalid', {
          detail: 'La démonstration prend son dossier de RELAIS_HOME, que le courtier lit aussi.',
        });
      const { runDemo } = await import('../demo/run-demo.ts');
      cli.exitCode = await runDemo({ once, print: (text) => cli.out(text) });
    });
}
