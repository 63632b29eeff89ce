/** The sender's side: files that the vendor's software made, against the contracts. */
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asBrokerError, digestOf, type Finding, type FlowInForce, type Partner } from '#core';
import { findingsIn } from './hear-answer.ts';
import type { NamedFlow } from './received-samples.ts';
import type { CaseResult } from './report.ts';
import type { Tools } from './tools.ts';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  pdf: 'application/pdf',
  xml: 'application/xml',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
};
const SHOWN_FINDINGS = 5;
const CONFORMS = 'conforme au contrat';
const NOT_OURS =
  'aucun flux n’a cet objet : nom attendu <objet>.<nom>.<extension>, dans un dossier du nom du flux';

interface SentFile {
  path: string;
  object: string;
  extension: string;
  /** undefined when neither its folder nor its name tells it */
  inForce: FlowInForce | undefined;
}

/**
 * `<object>.<name>.<extension>`, in a folder of its flow's name or, where the object tells enough or `flow` is given,
 * beside the others. A file that no contract lets this partner send is a failure: nothing is left out in silence.
 */
export async function sentCases(
  folder: string,
  partner: Partner,
  flow: string | undefined,
  tools: Tools,
): Promise<CaseResult[]> {
  const cases: CaseResult[] = [];
  for (const file of filesOf(folder, flow, tools)) {
    const data = readFileSync(file.path);
    const named = namedOf(file);
    const began = performance.now();
    const got = named === undefined ? NOT_OURS : await judge(named, file.extension, data, partner, tools);
    cases.push({
      side: 'sender',
      flow: named?.flow ?? '?',
      object: named?.object ?? '?',
      case: 'sent',
      title: 'fichier produit par le logiciel',
      sample: `n° ${cases.length + 1} (${digestOf(data)})`,
      expected: CONFORMS,
      got,
      verdict: got === CONFORMS ? 'pass' : 'fail',
      ms: Math.round(performance.now() - began),
    });
  }
  return cases;
}

function filesOf(folder: string, flow: string | undefined, { flows }: Tools): SentFile[] {
  const inside = (path: string, inForce: (object: string) => FlowInForce | undefined): SentFile[] =>
    entriesOf(path).flatMap((entry) => {
      const [object = '', ...rest] = entry.name.split('.');
      const found = { path: join(path, entry.name), object, extension: rest.at(-1) ?? '' };
      return entry.isFile() ? [{ ...found, inForce: inForce(object) }] : [];
    });
  const withObject = (object: string) => {
    const having = flows.all().filter((one) => Object.hasOwn(one.flow.contract.objects, object));
    return having.length === 1 ? having[0] : undefined;
  };
  const folders = entriesOf(folder).filter(
    (entry) => entry.isDirectory() && (flow === undefined || entry.name === flow),
  );
  return [
    ...inside(folder, flow === undefined ? withObject : () => flows.of(flow)),
    ...folders.flatMap(({ name }) => inside(join(folder, name), () => flows.of(name))),
  ];
}

function entriesOf(folder: string): Dirent[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function namedOf({ inForce, object }: SentFile): NamedFlow | undefined {
  const objects = inForce?.flow.contract.objects ?? {};
  const contract = Object.hasOwn(objects, object) ? objects[object] : undefined;
  if (inForce === undefined || contract === undefined) return undefined;
  return { inForce, flow: inForce.flow.contract.flow, object, contract };
}

async function judge(
  named: NamedFlow,
  extension: string,
  data: Buffer,
  partner: Partner,
  tools: Tools,
): Promise<string> {
  if (!named.contract.senders.includes(partner.kind))
    return 'ce partenaire n’émet pas cet objet (flow.not-allowed)';
  const event = { datacontenttype: MEDIA_TYPES[extension] ?? 'application/octet-stream' };
  try {
    const findings = await findingsIn(tools, named, { event, data });
    return findings.length === 0 ? CONFORMS : wordsOf(findings);
  } catch (error) {
    const { code, findings } = asBrokerError(error);
    return findings.length === 0 ? code : wordsOf(findings);
  }
}

/** Where, and which rule: pointers name members of the contract only (core/checks/schema). */
export function wordsOf(findings: readonly Finding[]): string {
  const shown = findings
    .slice(0, SHOWN_FINDINGS)
    .map(({ pointer, code }) => `${pointer || '(tout)'} ${code}`);
  const more = findings.length - shown.length;
  return `${findings.length} écart(s) : ${shown.join(' ; ')}${more > 0 ? ` ; et ${more} autre(s)` : ''}`;
}
