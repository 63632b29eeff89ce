import type { Command } from 'commander';
import type { Cli } from '../cli.ts';

export function keysCommand(program: Command, cli: Cli): void {
  const keys = program.command('keys').description('les clés de Relais et leur rotation').helpCommand(false);
  keys
    .command('rotate')
    .description('fait une clé plus récente ; chaque courtier l’emploie dès SIGHUP ou redémarrage')
    .argument('<clé>', 'signing, encryption, portal:<service> ou kek')
    .action(async (which: string) => {
      const { rotateKey } = await import('./keys/rotate-key.ts');
      await rotateKey(cli, which);
    });
  keys
    .command('rewrap')
    .description('met sous la clé de chiffrement (KEK) la plus récente ce que les anciennes protègent encore')
    .action(async () => {
      const { rewrap } = await import('./keys/rewrap.ts');
      await rewrap(cli);
    });
}
