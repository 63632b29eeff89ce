import type { Command } from 'commander';
import type { Cli } from '../cli.ts';

export function doctorCommand(program: Command, cli: Cli): void {
  program
    .command('doctor')
    .description('examine cette installation, une ligne par point ; code 0 seulement sans erreur')
    .option('--production', 'refuse aussi ce qui ne convient qu’aux essais')
    .action(async ({ production = false }: { production?: boolean }) => {
      const { examine } = await import('./doctor/examine.ts');
      const { lineOf } = await import('./doctor/check.ts');
      const checks = await examine(cli, production);
      for (const check of checks) cli.out(lineOf(check));
      const count = (level: string) => checks.filter((check) => check.level === level).length;
      cli.out(`${count('ok')} ok, ${count('attention')} attention, ${count('erreur')} erreur`);
      if (count('erreur') > 0) cli.exitCode = 1;
    });
}
