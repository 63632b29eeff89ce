import { randomUUID } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Command } from 'commander';
import type { MessageToSend } from '#client';
import { BrokerError } from '#core';
import type { Cli } from '../cli.ts';
import { positive } from '../french.ts';
import type { SoftwareWords } from './partner-software.ts';
import { softwareOptions } from './partner-software.ts';

interface SendWords extends SoftwareWords {
  type: string;
  to?: string[];
  mediaType?: string;
  id?: string;
  correlation?: string;
  subject?: string;
  lastVisit?: string;
  expires?: string;
  encrypt?: boolean;
  patience: number;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.pdf': 'application/pdf',
  '.xml': 'application/xml',
  '.ndjson': 'application/x-ndjson',
};

export function sendCommand(program: Command, cli: Cli): void {
  softwareOptions(
    program
      .command('send')
      .description('envoie un message au nom d’un partenaire ; le reçu signé est vérifié et gardé')
      .argument('<fichier>', 'contenu, ou - pour l’entrée standard'),
  )
    .requiredOption('--type <type>', 'par exemple fr.relais-st.dmst-portability.request.v1')
    .option('--to <partenaires...>', 'destinataires')
    .option('--media-type <format>', 'format du contenu (par défaut d’après le nom du fichier)')
    .option(
      '--id <identifiant>',
      'le même à chaque essai : un renvoi est sans effet (par défaut tiré au sort)',
    )
    .option('--correlation <échange>', 'échange auquel le message répond')
    .option('--subject <référence>', 'référence du sujet dans l’échange')
    .option('--last-visit <date>', 'date de la dernière visite')
    .option('--expires <instant>', 'ne pas remettre après')
    .option('--encrypt', 'chiffre le contenu pour Relais')
    .option('--patience <secondes>', 'durée des nouveaux essais tant que Relais ne répond pas', positive, 10)
    .action((file: string, words: SendWords) => send(cli, file, words));
}

async function send(cli: Cli, file: string, words: SendWords): Promise<void> {
  const { clientFolder, softwareOf } = await import('./partner-software.ts');
  const { RelaisUnreachable } = await import('#client');
  const configuration = await cli.configuration();
  const message = messageOf(file, words);
  const client = softwareOf(configuration, words);
  try {
    const patience = { patienceMs: words.patience * 1000 };
    const accepted = isLines(file, message)
      ? await client.sendLines({ ...message, data: () => createReadStream(file) }, patience)
      : await client.send({ ...message, data: readFileSync(file === '-' ? 0 : file) }, patience);
    const { id, flow, status, receivedAt, replayed, bulk } = accepted;
    cli.out(
      `${replayed === true ? 'déjà accepté' : 'accepté'} le ${receivedAt}, flux ${flow}, état ${status}`,
    );
    if (bulk !== undefined) cli.out(`lignes    ${bulk.accepted} prises, ${bulk.refused} refusées`);
    cli.out(`message   ${id}`);
    cli.out(`votre id  ${message.id}`);
    cli.out(`reçu      ${join(clientFolder(configuration, words.as), 'receipts', `${id}.json`)} (vérifié)`);
  } catch (error) {
    if (error instanceof RelaisUnreachable) cli.err(`Pour renvoyer sans doublon : --id ${message.id}`);
    throw error;
  } finally {
    await client.close();
  }
}

/** A file of lines may be larger than memory; what is encrypted is whole. */
function isLines(file: string, { datacontenttype, encrypt }: Omit<MessageToSend, 'data'>): boolean {
  return file !== '-' && encrypt !== true && datacontenttype === 'application/x-ndjson';
}

function messageOf(file: string, words: SendWords): Omit<MessageToSend, 'data'> {
  const datacontenttype = words.mediaType ?? MEDIA_TYPES[extname(file).toLowerCase()];
  if (datacontenttype === undefined)
    throw new BrokerError('media-type.unsupported', { detail: 'Donnez --media-type.' });
  const { type, to, correlation, subject, lastVisit, expires, encrypt } = words;
  return {
    id: words.id ?? randomUUID(),
    type,
    datacontenttype,
    ...(to === undefined ? {} : { recipient: to }),
    ...(correlation === undefined ? {} : { correlationid: correlation }),
    ...(subject === undefined ? {} : { subjectref: subject }),
    ...(lastVisit === undefined ? {} : { lastvisit: lastVisit }),
    ...(expires === undefined ? {} : { expirytime: expires }),
    ...(encrypt === true ? { encrypt } : {}),
  };
}
