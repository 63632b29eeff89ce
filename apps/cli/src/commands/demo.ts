import type { Command } from 'commander';
import { BrokerError } from '#core';
import type { Cli } from '../cli.ts';

interface DemoOptions {
  once?: boolean;
  distributed?: boolean;
  pscPort?: number;
}

export function demoCommand(program: Command, cli: Cli): void {
  program
    .command('demo')
    .description('fait passer chaque flux, avec des données et des partenaires fictifs, sur cette machine')
    .option('--once', 's’arrête à la fin ; code 0 seulement si tout est remis, relu et journalisé')
    .option(
      '--distributed',
      'neuf processus (3 intake, 2 prepare, 3 deliver, 1 portal) sur les serveurs de DATABASE_URL et AMQP_URL',
    )
    .option('--psc-port <port>', 'port de la doublure de Pro Santé Connect ; 0 = un port libre', Number)
    .action(async ({ once = false, distributed = false, pscPort }: DemoOptions) => {
      if (program.opts<{ home?: string }>().home !== undefined)
        throw new BrokerError('configuration.invalid', {
          detail: 'La démonstration prend son dossier de RELAIS_HOME, que le courtier lit aussi.',
        });
      if (distributed && (await cli.configuration()).databaseUrl === undefined)
        throw new BrokerError('configuration.invalid', {
          detail: 'Plusieurs processus se partagent une base : donnez DATABASE_URL (et AMQP_URL).',
        });
      const { runDemo } = await import('../demo/run-demo.ts');
      cli.exitCode = await runDemo({
        once,
        distributed,
        ...(pscPort === undefined ? {} : { pscPort }),
        print: (text) => cli.out(text),
      });
    });
}
