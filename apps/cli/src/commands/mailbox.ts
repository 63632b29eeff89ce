import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { Outcome, PartsHandler } from '#client';
import type { Cli } from '../cli.ts';
import type { ReaderWords, SoftwareWords } from './partner-software.ts';
import { softwareOptions } from './partner-software.ts';

interface MailboxWords extends SoftwareWords, ReaderWords {
  follow?: boolean;
  out?: string;
  flow?: string;
  receipt: Outcome['outcome'];
}

export function mailboxCommand(program: Command, cli: Cli): void {
  softwareOptions(
    program
      .command('mailbox')
      .description(
        'relève la boîte d’un partenaire, ouvre les envois, écrit leur contenu et en accuse réception',
      ),
  )
    .option('--follow', 'attend la suite, jusqu’à Ctrl-C')
    .option('--out <dossier>', 'où écrire (par défaut clients/<partenaire>/received)')
    .option('--flow <flux>', 'ce flux seulement')
    .addOption(
      new Option('--receipt <accusé>', 'ce qui est dit à Relais')
        .choices(['received', 'opened', 'filed'])
        .default('received'),
    )
    .option('--enc-cert <fichier>', 'certificat de chiffrement du service')
    .option('--enc-key <fichier>', 'sa clé privée')
    .option('--enc-h-cert <fichier>', 'certificat de chiffrement des professionnels de santé')
    .option('--enc-h-key <fichier>', 'sa clé privée')
    .action((words: MailboxWords) => mailbox(cli, words));
}

async function mailbox(cli: Cli, words: MailboxWords): Promise<void> {
  const { clientFolder, readersOf, softwareOf } = await import('./partner-software.ts');
  const { Inbox, mailboxLoop, ReceivedLog } = await import('#client');
  const { failureLines } = await import('../failure.ts');
  const { writeParts } = await import('./mailbox/write-parts.ts');
  const { takeAll } = await import('./mailbox/take-all.ts');
  const configuration = await cli.configuration();
  const folder = words.out ?? join(clientFolder(configuration, words.as), 'received');
  const keys = readersOf(configuration, words.as, words);
  const client = softwareOf(configuration, words);
  const received = await ReceivedLog.open(join(folder, 'received.ndjson'));
  const partsHandler: PartsHandler = async (delivery) => {
    const { event, closed } = delivery;
    cli.out(`${event.type} de ${event.relaissender}, message ${event.id}`);
    for (const { file, bytes } of await writeParts(folder, delivery)) cli.out(`  ${file}  ${bytes} octets`);
    for (const { n, audience } of closed) cli.out(`  partie ${n} : pour la clé ${audience}, absente ici`);
    return { outcome: words.receipt };
  };
  const inbox = new Inbox({
    self: words.as,
    keys,
    trusted: client.trusted,
    fetchPart: (delivery, n) => client.part(delivery, n),
    received,
    partsHandler,
  });
  const flow = words.flow === undefined ? {} : { flow: words.flow };
  const onTrouble = (error: unknown) => {
    for (const line of failureLines(error)) cli.err(line);
  };
  try {
    if (words.follow === true) {
      await mailboxLoop(client, inbox, { ...flow, signal: cli.stop ?? interrupted(), onTrouble });
      return;
    }
    const { taken, left } = await takeAll(client, inbox, { ...flow, onTrouble });
    cli.out(
      taken + left === 0 ? 'boîte vide' : `${taken} envois relevés${left === 0 ? '' : `, ${left} laissés`}`,
    );
    if (left > 0) cli.exitCode = 1;
  } finally {
    await received.close();
    await client.close();
  }
}

function interrupted(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  return stop.signal;
}
