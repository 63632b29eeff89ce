import type { CaseResult, Report, Verdict } from './report.ts';

const WORDS: Readonly<Record<Verdict, string>> = {
  pass: 'réussi',
  fail: 'ÉCHEC',
  'not-tested': 'non éprouvé',
};

/** French, Markdown: the same facts as the JSON, for people. */
export function reportText(report: Report): string {
  const { partner, at, relais, transport, certificates, contracts, cases, limits } = report;
  const thumbprints = [
    ...certificates.enc.map((one) => `chiffrement (enc) \`${one}\``),
    ...certificates['enc-h'].map((one) => `chiffrement (enc-h) \`${one}\``),
    ...(certificates.endpoint === undefined ? [] : [`serveur du partenaire \`${certificates.endpoint}\``]),
    `client de Relais \`${certificates.relaisClient}\``,
  ];
  const flows = [...new Set(cases.map(({ flow }) => flow))];
  return `${[
    `# Compte rendu de test : ${partner}`,
    '',
    `- date : ${at}`,
    `- Relais ${relais.version}, Node ${relais.node}, transport ${transport}`,
    `- ${summary(report)}`,
    '',
    'Certificats (empreintes x5t#S256) :',
    '',
    ...thumbprints.map((line) => `- ${line}`),
    '',
    'Contrats :',
    '',
    ...contracts.map(({ flow, version, hash }) => `- ${flow} ${version}, \`${hash}\``),
    ...flows.flatMap((flow) =>
      section(
        flow,
        cases.filter((one) => one.flow === flow),
      ),
    ),
    '',
    '## Limites',
    '',
    ...limits.map((limit) => `- ${limit}`),
  ].join('\n')}\n`;
}

/** One line: how many of each verdict. */
export function summary({ totals }: Report): string {
  return `${totals.pass} réussi(s), ${totals.fail} échec(s), ${totals['not-tested']} non éprouvé(s)`;
}

function section(flow: string, cases: readonly CaseResult[]): string[] {
  return [
    '',
    `## ${flow}`,
    '',
    '| verdict | objet | cas | exemple | attendu | obtenu | ms |',
    '|---|---|---|---|---|---|---|',
    ...cases.map((one) => row(one)),
  ];
}

function row({ verdict, object, title, case: id, sample, expected, got, ms }: CaseResult): string {
  const cells = [WORDS[verdict], object, `${title} (\`${id}\`)`, sample ?? '', expected, got, ms ?? ''];
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
}
