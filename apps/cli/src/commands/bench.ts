import type { Command } from 'commander';
import type { Cli } from '../cli.ts';

export function benchCommand(program: Command, cli: Cli): void {
  program
    .command('bench')
    .description('mesure un envoi de bout en bout, à côté de Fastify seul et d’écritures seules')
    .option('--quick', 'mesures courtes')
    .option('--bulk-gb <n>', 'plutôt : tant de Go de NDJSON par hdh-feed, et la mémoire du courtier', Number)
    .action(async ({ quick = false, bulkGb }: { quick?: boolean; bulkGb?: number }) => {
      if (bulkGb !== undefined) {
        const { runBulkBench } = await import('../bench/bulk-bench.ts');
        cli.exitCode = await runBulkBench({ gigabytes: bulkGb, print: (text) => cli.out(text) });
        return;
      }
      const { runBench } = await import('../bench/run-bench.ts');
      cli.exitCode = await runBench({ quick, print: (text) => cli.out(text) });
    });
}
