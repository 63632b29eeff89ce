import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { BrokerError, parseJson } from '#core';
import type { Cli } from '../cli.ts';
import { whole } from '../french.ts';

interface EdgeWords {
  flow?: string;
  in?: string;
  out?: string;
  keys: string;
  export?: string;
  serve?: boolean;
  port: number;
}

export function edgeCommand(program: Command, cli: Cli): void {
  program
    .command('edge')
    .description(
      'chez l’émetteur : retire l’identité, généralise ou met sous pseudonyme avant l’envoi ; refuse plutôt que nettoyer',
    )
    .option('--flow <flux>', 'sumer, mcp, evrest…')
    .option('--in <fichier>', 'dossier et réponses (JSON), ou un par ligne (.ndjson)')
    .option('--out <fichier>', 'ce qui peut partir')
    .option('--keys <dossier>', 'clés et correspondances, gardées par l’émetteur', 'edge')
    .option('--export <fichier>', 'hdh-feed : période, information, opposition, tiers de confiance (JSON)')
    .option('--serve', 'reste à l’écoute de cette machine : POST /<flux>')
    .option('--port <port>', 'port du service', whole, 8447)
    .action((words: EdgeWords) => (words.serve === true ? serve(cli, words) : once(cli, words)));
}

async function once(cli: Cli, words: EdgeWords): Promise<void> {
  const { flow, in: from, out, keys } = words;
  if (flow === undefined || from === undefined || out === undefined)
    throw new BrokerError('configuration.invalid', { detail: 'Donnez --flow, --in et --out, ou --serve.' });
  if (flow === 'hdh-feed') return hdhFeed(cli, words.export, { from, out, folder: keys });
  const { throughEdge } = await import('../edge/edge.ts');
  const { SenderFolder } = await import('../edge/sender-folder.ts');
  const { writeDurably } = await import('../durable.ts');
  const sender = new SenderFolder(keys);
  const read = readFileSync(from);
  const documents = from.endsWith('.ndjson')
    ? read
        .toString()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => Buffer.from(line))
    : [read];
  // all or nothing: a file half of which was refused would be sent as if it were whole
  const lines = documents.map((one) => JSON.stringify(throughEdge(flow, parseJson(one), sender)));
  writeDurably(out, Buffer.from(`${lines.join('\n')}\n`));
  cli.out(`${lines.length} ${lines.length > 1 ? 'contenus' : 'contenu'} dans ${out}`);
}

/** Many dossiers make one batch, and a second file that goes another way. */
async function hdhFeed(
  cli: Cli,
  settings: string | undefined,
  files: { from: string; out: string; folder: string },
): Promise<void> {
  if (settings === undefined)
    throw new BrokerError('configuration.invalid', { detail: 'hdh-feed : donnez aussi --export.' });
  const { readHdhSettings, runHdhExport } = await import('../edge/run-hdh-export.ts');
  const done = await runHdhExport({ ...files, settings: readHdhSettings(settings) });
  const { lines, opposed, notQualified, refused, matchingFile } = done;
  cli.out(`${lines} lignes dans ${files.out} ; appariement pour le tiers de confiance dans ${matchingFile}`);
  cli.out(`écartés : ${opposed} opposés, ${notQualified} sans identité qualifiée, ${refused} refusés`);
}

async function serve(cli: Cli, { port, keys }: EdgeWords): Promise<void> {
  const { startEdge } = await import('../edge/edge-service.ts');
  const service = await startEdge({ port, folder: keys });
  cli.out(`à l’écoute de ${service.url}, clés dans ${keys}`);
  const stop = cli.stop ?? interrupted();
  if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
  await service.close();
}

function interrupted(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  return stop.signal;
}
