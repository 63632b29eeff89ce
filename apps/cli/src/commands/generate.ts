import { type Command, InvalidArgumentError } from 'commander';
import type { Cli } from '../cli.ts';
import { whole } from '../french.ts';
import type { GenerateOptions } from '../generate/run-generate.ts';

export function generateCommand(program: Command, cli: Cli): void {
  program
    .command('generate')
    .description('écrit des contenus fictifs mais plausibles d’un flux, un JSON par ligne (NDJSON)')
    .requiredOption('--flow <flux>', 'par exemple dmst-portability')
    .option('--object <objet>', 'objet du flux (par défaut le premier)')
    .requiredOption('--count <nombre>', 'lignes à écrire', whole)
    .option('--seed <graine>', 'la même graine donne les mêmes octets, quel que soit le jour', whole, 1)
    .option('--today <date>', 'jour où ce monde est raconté', day, '2026-06-30')
    .option('--out <fichier>', 'fichier à écrire, à la place de la sortie standard')
    .action(async (options: GenerateOptions) => {
      const { runGenerate } = await import('../generate/run-generate.ts');
      const written = await runGenerate(options, cli.stdout ?? process.stdout);
      if (options.out !== undefined) cli.out(`${written} lignes dans ${options.out}`);
      else if (written < options.count)
        cli.err(`${written} lignes : ce flux n’en a pas plus, ou la lecture s’est arrêtée.`);
    });
}

function day(text: string): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(text))
    throw new InvalidArgumentError('');
  return text;
}
