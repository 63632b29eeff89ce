import type { Command } from 'commander';
import type { Cli } from '../cli.ts';

export function backupCommands(program: Command, cli: Cli): void {
  program
    .command('backup')
    .description('copie la base pendant que le courtier tourne ; clés et réglages à part')
    .argument('<dossier>', 'dossier neuf pour la base')
    .option('--keys <dossier>', 'dossier neuf, ailleurs, pour les clés, certificats et accords')
    .action(async (folder: string, { keys }: { keys?: string }) => {
      const { backup } = await import('./backup/backup.ts');
      await backup(cli, folder, keys);
    });
  program
    .command('restore')
    .description('remet une copie en place ; ce qui était en cours repartira, marqué')
    .argument('[dossier]', 'de « relais backup » ; absent : PostgreSQL a été restauré par ses outils')
    .option('--keys <dossier>', 'clés, certificats et accords de la même sauvegarde')
    .action(async (folder: string | undefined, { keys }: { keys?: string }) => {
      const { restore } = await import('./backup/restore.ts');
      await restore(cli, folder, keys);
    });
}
