import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { BrokerError } from '#core';
import type { Cli } from '../cli.ts';
import { positive, whole } from '../french.ts';

interface ConformanceWords {
  flow?: string;
  out?: string;
  sent?: string;
  receive: boolean;
  listen?: number;
  patience: number;
  verify?: string;
  jwks?: string;
}

export function conformanceCommand(program: Command, cli: Cli): void {
  const command = program
    .command('conformance')
    .description(
      'éprouve le logiciel d’un partenaire par de bons et de mauvais exemples ; compte rendu signé ; code 1 si un cas échoue',
    )
    .argument('[partenaire]')
    .option('--flow <flux>', 'ce flux seulement')
    .option(
      '--out <fichier>',
      'compte rendu : <fichier>.jws (signé), .json et .md (par défaut conformance/<partenaire>)',
    )
    .option(
      '--sent <dossier>',
      'vérifie aussi ces fichiers produits par le logiciel : <flux>/<objet>.<nom>.json',
    )
    .option('--no-receive', 'n’éprouve pas ce que le logiciel reçoit')
    .option(
      '--listen <port>',
      'où le logiciel trouve Relais pendant l’épreuve (par défaut le port des partenaires)',
      whole,
    )
    .option('--patience <secondes>', 'attente de chaque réponse', positive, 10)
    .option('--verify <fichier>', 'vérifie un compte rendu signé, et le montre')
    .option('--jwks <fichier>', 'clés publiques de Relais pour --verify (par défaut celles de ce dossier)')
    .action(async (partner: string | undefined, words: ConformanceWords) => {
      if (words.verify !== undefined) return verify(cli, words.verify, words.jwks);
      if (partner === undefined) return missing(command);
      return run(cli, partner, words);
    });
}

/** As Commander says it of an argument that is always needed. */
function missing(command: Command): never {
  return command.error("missing 'partenaire'", { code: 'commander.missingArgument' });
}

async function run(cli: Cli, partner: string, words: ConformanceWords): Promise<void> {
  const { runConformance } = await import('../conformance/run-conformance.ts');
  const { reportText, summary } = await import('../conformance/report-text.ts');
  const { writeDurably } = await import('../durable.ts');
  const configuration = await cli.configuration();
  const { report, jws } = await runConformance(configuration, {
    partner,
    ...(words.flow === undefined ? {} : { flow: words.flow }),
    ...(words.sent === undefined ? {} : { sent: words.sent }),
    receive: words.receive,
    port: words.listen ?? configuration.ports.partners,
    patienceMs: words.patience * 1000,
    now: () => cli.now(),
    onReady: (url) => cli.out(`Relais d’épreuve : ${url}`),
    onCase: ({ verdict, flow, object, case: id, sample, got }) => {
      // of what was not tested, what explains the rest; all of it is in the report
      const told = verdict === 'fail' || (verdict === 'not-tested' && (id === 'reach' || id === 'good'));
      if (told) cli.out([WORDS[verdict], flow, object, id, sample ?? '', ':', got].join(' '));
    },
  });
  const base = words.out ?? join(configuration.home, 'conformance', partner);
  mkdirSync(dirname(base), { recursive: true });
  writeDurably(`${base}.jws`, Buffer.from(`${jws}\n`));
  writeDurably(`${base}.json`, Buffer.from(`${JSON.stringify(report, null, 2)}\n`));
  writeDurably(`${base}.md`, Buffer.from(reportText(report)));
  cli.out(summary(report));
  cli.out(`compte rendu : ${base}.md, signé : ${base}.jws`);
  if (report.totals.fail > 0 || report.totals.pass === 0) cli.exitCode = 1;
}

const WORDS = { fail: 'ÉCHEC', 'not-tested': 'non éprouvé' } as const;

async function verify(cli: Cli, file: string, jwks: string | undefined): Promise<void> {
  const { verifyReport } = await import('../conformance/report.ts');
  const { reportText } = await import('../conformance/report-text.ts');
  const report = verifyReport(readFileSync(file, 'latin1'), await keysOf(cli, jwks));
  cli.out(reportText(report).trimEnd());
  cli.out('');
  cli.out('Signature de Relais vérifiée.');
}

type Keys = Parameters<typeof import('../conformance/report.ts').verifyReport>[1];

async function keysOf(cli: Cli, jwks: string | undefined): Promise<Keys> {
  if (jwks !== undefined) {
    const { parseJson } = await import('#core');
    const { keys } = Object(parseJson(readFileSync(jwks))) as { keys?: Keys };
    return Array.isArray(keys) ? keys : [];
  }
  const folder = join((await cli.configuration()).home, 'keys', 'signing');
  // looking must not make a key
  if (!existsSync(folder))
    throw new BrokerError('not-found', { detail: 'Aucune clé de Relais ici : donnez --jwks.' });
  const { SigningKeys } = await import('#protection');
  return new SigningKeys(folder).jwks();
}
