import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { type OperatorWords, operatorOptions } from './operator.ts';

interface ReplayWords extends OperatorWords {
  message?: string;
  flow?: string;
  partner?: string;
  from?: string;
  to?: string;
  all?: boolean;
  reason?: string;
  yes?: boolean;
}

interface Report {
  dryRun: boolean;
  matched: number;
  asSealed: number;
  resealed: number;
  refused: number;
  more: boolean;
  deliveries: {
    messageId: string;
    flow: string;
    recipient: string;
    createdAt: string;
    lastError?: string;
    replay: 'as-sealed' | 're-sealed' | 'no';
    code?: string;
    runAt?: string;
  }[];
}

const HOW = { 'as-sealed': 'telle quelle', 're-sealed': 'scellée de nouveau', no: 'non' } as const;

export function replayCommand(program: Command, cli: Cli): void {
  const command = program
    .command('replay')
    .description('rejoue des remises mortes, sous le même identifiant ; sans --yes, montre seulement')
    .option('--message <id>', 'celles d’un message')
    .option('--flow <flux>', 'celles d’un flux')
    .option('--partner <partenaire>', 'celles d’un expéditeur ou d’un destinataire')
    .option('--from <instant>', 'créées à partir de cet instant (RFC 3339)')
    .option('--to <instant>', 'créées avant cet instant')
    .option('--all', 'toutes')
    .option('--reason <motif>', 'pourquoi, sans nommer personne : journalisé')
    .option('--yes', 'rejoue vraiment');
  operatorOptions(command).action((words: ReplayWords) => replay(cli, words));
}

async function replay(cli: Cli, words: ReplayWords): Promise<void> {
  const { OperatorClient } = await import('./operator.ts');
  const { table } = await import('../demo/table.ts');
  const { message, flow, partner, from, to, all, reason, yes = false } = words;
  const named = { messageId: message, flow, partner, from, to, ...(all === true ? { state: 'dead' } : {}) };
  const filter = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  const client = new OperatorClient(await cli.configuration(), words);
  try {
    const report = await client.ask<Report>('/v1/operations/replays', {
      filter,
      dryRun: !yes,
      ...(reason === undefined ? {} : { reason }),
    });
    const rows = report.deliveries.map((one) => [
      one.recipient,
      one.flow,
      one.messageId,
      one.createdAt.slice(0, 19),
      one.lastError ?? '',
      one.code === undefined ? HOW[one.replay] : `${HOW[one.replay]} : ${one.code}`,
      one.runAt?.slice(11, 19) ?? '',
    ]);
    const headings = ['destinataire', 'flux', 'message', 'créée', 'dernière erreur', 'rejeu', 'part à'];
    if (rows.length > 0) cli.out(table(headings, rows));
    for (const line of summary(report)) cli.out(line);
    // what could not be replayed is somebody's work
    if (report.refused > 0) cli.exitCode = 1;
  } finally {
    await client.close();
  }
}

function summary({ dryRun, matched, asSealed, resealed, refused, more }: Report): string[] {
  const done = asSealed + resealed;
  return [
    `${matched} remise(s) morte(s) : ${done} ${dryRun ? 'à rejouer' : 'rejouée(s)'}, dont ${resealed} à sceller de nouveau ; ${refused} impossible(s)`,
    ...(more ? ['Il en reste : recommencez la même commande.'] : []),
    ...(dryRun && done > 0
      ? ['Rien n’est changé. Pour le faire : la même commande avec --reason et --yes.']
      : []),
  ];
}
