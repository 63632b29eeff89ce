import { type Command, Option } from 'commander';
import type { Cli } from '../cli.ts';

interface BenchWords {
  quick?: boolean;
  bulkGb?: number;
  profile?: boolean;
  claim?: number | boolean;
  deadPartner?: number | boolean;
  rate: number;
  sizes: number[];
  rounds: number;
  seconds: number;
  callers: number;
  deliverers?: number;
  database?: string;
  amqp?: string;
}

export function benchCommand(program: Command, cli: Cli): void {
  program
    .command('bench')
    .description('mesure des envois de bout en bout, à côté d’une application nue qui fait le même travail')
    .option('--quick', 'un tour de 3 s')
    .option('--sizes <ko>', 'tailles des messages, en ko', kilobytes, [1_000, 50_000, 500_000])
    .option('--rounds <n>', 'tours de chacun', Number, 3)
    .option('--seconds <n>', 'durée d’une mesure', Number, 10)
    .option('--callers <n>', 'appelants en boucle fermée', Number, 8)
    .option('--deliverers <n>', 'Relais réparti en un processus par rôle, dont tant qui remettent', Number)
    .addOption(
      new Option('--database <url>', 'une base PostgreSQL vide : le Relais réparti est mesuré aussi').env(
        'DATABASE_URL',
      ),
    )
    .addOption(new Option('--amqp <url>', 'RabbitMQ ; sans lui, le banc lance le sien').env('AMQP_URL'))
    .option('--profile', 'plutôt : où passe le temps du Relais embarqué, étape par étape')
    .option(
      '--claim [jobs]',
      'plutôt : le temps d’une prise parmi 10 000 jobs, puis parmi tant (10 000 000)',
      Number,
    )
    .option(
      '--dead-partner [n]',
      'plutôt : un partenaire sain à côté d’un mort pour qui tant de messages (100 000) attendent',
      Number,
    )
    .option('--rate <n>', 'messages par seconde vers le partenaire sain', Number, 50)
    .option('--bulk-gb <n>', 'plutôt : tant de Go de NDJSON par hdh-feed, et la mémoire du courtier', Number)
    .action(
      async ({
        quick = false,
        profile,
        claim,
        deadPartner,
        rate,
        bulkGb,
        database,
        amqp,
        ...given
      }: BenchWords) => {
        const measures = { ...given, ...(quick ? { rounds: 1, seconds: 3 } : {}) };
        const databaseUrl = database === undefined ? {} : { databaseUrl: database };
        const print = (text: string) => cli.out(text);
        if (bulkGb !== undefined) {
          const { runBulkBench } = await import('../bench/bulk-bench.ts');
          cli.exitCode = await runBulkBench({ gigabytes: bulkGb, print });
          return;
        }
        if (profile === true) {
          const { runProfileBench } = await import('../bench/profile-bench.ts');
          cli.exitCode = await runProfileBench({ ...measures, print });
          return;
        }
        if (claim !== undefined) {
          const { runClaimBench } = await import('../bench/claim-bench.ts');
          const rows = [10_000, claim === true ? 10_000_000 : Number(claim)];
          cli.exitCode = await runClaimBench({ rows, ...databaseUrl, print });
          return;
        }
        if (deadPartner !== undefined) {
          const { runDeadPartnerBench } = await import('../bench/dead-partner-bench.ts');
          const waiting = deadPartner === true ? 100_000 : Number(deadPartner);
          cli.exitCode = await runDeadPartnerBench({ ...measures, waiting, perSecond: rate, print });
          return;
        }
        const { runBench } = await import('../bench/run-bench.ts');
        cli.exitCode = await runBench({
          ...measures,
          ...databaseUrl,
          ...(amqp === undefined ? {} : { amqpUrl: amqp }),
          print,
        });
      },
    );
}

function kilobytes(text: string): number[] {
  return text.split(',').map((size) => Number(size) * 1000);
}
