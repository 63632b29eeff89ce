import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { type OperatorWords, operatorOptions } from './operator.ts';

type Row = Readonly<Record<string, unknown>>;

/** heading → member */
type Columns = Readonly<Record<string, string>>;

const LISTS: Readonly<Record<string, { says: string; path: string; columns: Columns; none: string }>> = {
  dead: {
    says: 'les remises mortes : à rejouer ou à clore',
    path: '/v1/operations/deliveries?state=dead',
    columns: {
      remise: 'id',
      message: 'messageId',
      flux: 'flow',
      destinataire: 'recipient',
      essais: 'attempts',
      erreur: 'lastError',
      'jusqu’au': 'expiresAt',
    },
    none: 'Aucune remise morte.',
  },
  held: {
    says: 'ce qui attend une cellule d’identitovigilance',
    path: '/v1/operations/undecided',
    columns: { message: 'messageId', flux: 'flow', service: 'partner', raisons: 'reasons', depuis: 'heldAt' },
    none: 'Rien n’attend de décision.',
  },
  overdue: {
    says: 'les échanges en retard et encore attendus',
    path: '/v1/operations/overdue',
    columns: {
      échange: 'id',
      flux: 'flow',
      demandeur: 'requester',
      attendu: 'responder',
      état: 'state',
      échéance: 'deadline',
    },
    none: 'Aucun échange en retard.',
  },
};

export function operationsCommand(program: Command, cli: Cli): void {
  const operations = program
    .command('operations')
    .description('ce qui attend un exploitant, sans identité ni contenu')
    .helpCommand(false);
  for (const [name, { says }] of Object.entries(LISTS))
    operatorOptions(operations.command(name).description(says)).action((words: OperatorWords) =>
      list(cli, name, words),
    );
  const close = operations
    .command('close')
    .description('renonce à une remise morte ; ce qui attendait derrière elle part')
    .argument('<remise>')
    .requiredOption('--reason <motif>', 'pourquoi, sans nommer personne : journalisé');
  operatorOptions(close).action((id: string, words: OperatorWords & { reason: string }) =>
    closeOne(cli, id, words),
  );
}

async function list(cli: Cli, name: string, words: OperatorWords): Promise<void> {
  const { OperatorClient } = await import('./operator.ts');
  const { table } = await import('../demo/table.ts');
  const { path, columns, none } = LISTS[name] as (typeof LISTS)[string];
  const client = new OperatorClient(await cli.configuration(), words);
  try {
    const rows: string[][] = [];
    for await (const row of client.all<Row>(path))
      rows.push(Object.values(columns).map((member) => [row[member] ?? ''].flat().join(' ')));
    cli.out(rows.length === 0 ? none : table(Object.keys(columns), rows));
  } finally {
    await client.close();
  }
}

async function closeOne(cli: Cli, id: string, words: OperatorWords & { reason: string }): Promise<void> {
  const { OperatorClient } = await import('./operator.ts');
  const client = new OperatorClient(await cli.configuration(), words);
  try {
    await client.ask(`/v1/operations/deliveries/${encodeURIComponent(id)}/close`, { reason: words.reason });
    cli.out('Close.');
  } finally {
    await client.close();
  }
}
