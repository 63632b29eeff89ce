import type { Command } from 'commander';
import type { Cli } from '../cli.ts';

export function benchCommand(program: Command, cli: Cli): void {
  program
    .command('bench')
    .description('mesure un envoi de bout en bout, à côté de Fastify seul et d’écritures seules')
    .option('--quick', 'mesures courtes')
    .action(async ({ quick = false }: { quick?: boolean }) => {
      const { runBench } = await import('../bench/run-bench.ts');
      cli.exitCode = await runBench({ quick, print: (text) => cli.out(text) });
    });
}
