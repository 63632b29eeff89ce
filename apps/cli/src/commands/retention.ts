import type { Command } from 'commander';
import type { Retained, RetainedShare } from '#core';
import type { Cli } from '../cli.ts';

const WHAT: Readonly<Record<Retained['what'], string>> = {
  original: 'contenus en cours',
  sealed: 'copies scellées',
  id: 'identifiants',
  'asked-about': 'personnes demandées',
  candidate: 'dossiers proposés',
};

const WHY: Readonly<Record<Retained['what'], string>> = {
  original:
    'jusqu’à ce que chaque remise soit terminée, au plus tard à la fin de sa vie ou du temps de rejeu',
  sealed: 'jusqu’au reçu que le contrat nomme, au plus les jours qu’il donne',
  id: 'mémoire des identifiants (RELAIS_KEY_MEMORY_DAYS), sans contenu',
  'asked-about': 'aussi longtemps que la copie du portail (RELAIS_PORTAL_DAYS)',
  candidate: 'jusqu’à la réponse du service, au plus tard la fin de l’échange',
};

export function retentionCommand(program: Command, cli: Cli): void {
  program
    .command('retention')
    .description('ce qui est gardé, ce qui part dans 7, 30 et 90 jours, et pourquoi le reste demeure')
    .option('--json', 'pour un programme')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { retention } = await import('./retention/retention.ts');
      const forecast = await retention(cli);
      if (json) return cli.out(JSON.stringify(forecast, null, 2));
      cli.out(await shown(forecast.shares));
      const { journalMonths } = await cli.configuration();
      cli.out(
        journalMonths === 0
          ? 'Le journal : gardé sans limite (RELAIS_JOURNAL_MONTHS).'
          : `Le journal : ${journalMonths} mois entiers, puis ses entrées partent, les sceaux restent (RELAIS_JOURNAL_MONTHS).`,
      );
    });
}

async function shown(shares: readonly RetainedShare[]): Promise<string> {
  const { table } = await import('../demo/table.ts');
  const [longest] = shares;
  if (longest === undefined) return 'Rien n’est gardé.';
  const rows = shares.map(({ flow, what, total, within, last }) => [
    flow,
    WHAT[what],
    amount(total),
    ...([7, 30, 90] as const).map((days) => amount(within[days])),
    last.slice(0, 10),
  ]);
  const headings = ['flux', 'quoi', 'gardé', 'd’ici 7 j', 'd’ici 30 j', 'd’ici 90 j', 'le dernier'];
  const kinds = [...new Set(shares.map(({ what }) => what))];
  return [
    table(headings, rows),
    '',
    ...kinds.map((what) => `${WHAT[what]} : ${WHY[what]}.`),
    `Le plus longtemps : ${WHAT[longest.what]} de ${longest.flow}, jusqu’au ${longest.last.slice(0, 10)}.`,
  ].join('\n');
}

function amount({ count, bytes }: { count: number; bytes: number }): string {
  if (bytes === 0) return String(count);
  const kilo = bytes / 1000;
  return kilo < 1000 ? `${count} (${kilo.toFixed(1)} ko)` : `${count} (${(kilo / 1000).toFixed(1)} Mo)`;
}
