/** `relais conformance`: one partner, both sides, one signed report. */

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Partner } from '#core';
import { thumbprint } from '#protection';
import type { Configuration } from '../../../broker/src/config/environment.ts';
import { unknownPartner } from '../commands/partner/edit-partners.ts';
import type { Courier } from './courier.ts';
import { Push } from './push.ts';
import { ReceiveCases } from './receive-cases.ts';
import { samplesReceivedBy } from './received-samples.ts';
import { ReferenceBroker } from './reference-broker.ts';
import { type CaseResult, type Report, signReport, totalsOf } from './report.ts';
import { sentCases, wordsOf } from './sent-folder.ts';
import { ServedMailbox } from './served-mailbox.ts';
import { openTools, type Tools } from './tools.ts';

export interface ConformanceOptions {
  partner: string;
  flow?: string;
  /** folder of files that the vendor's software made */
  sent?: string;
  /** false = the sender's side only */
  receive: boolean;
  /** where the vendor's software finds Relais meanwhile */
  port: number;
  patienceMs: number;
  now: () => Date;
  /** told where Relais stands, then of each case as it comes */
  onReady?: (url: string) => void;
  onCase?: (result: CaseResult) => void;
}

export interface Signed {
  report: Report;
  /** compact JWS over it */
  jws: string;
}

/** @throws BrokerError `not-found`, `flow.unknown`, `configuration.invalid` */
export async function runConformance(
  configuration: Configuration,
  options: ConformanceOptions,
): Promise<Signed> {
  const tools = await openTools(configuration, { now: options.now });
  try {
    const partner = tools.directory.partner(options.partner);
    if (partner === undefined) throw unknownPartner(options.partner);
    const cases: CaseResult[] = [];
    const told = (result: CaseResult) => {
      cases.push(result);
      options.onCase?.(result);
    };
    const endpoint = options.receive ? await receive(partner, options, tools, told) : undefined;
    if (options.sent !== undefined)
      for (const result of await sentCases(options.sent, partner, options.flow, tools)) told(result);
    const report = reportOf(partner, cases, tools, { endpoint, options });
    return { report, jws: signReport(report, tools.signing) };
  } finally {
    await tools.renderer.close();
  }
}

/** @returns thumbprint of the partner's server, where it has one */
async function receive(
  partner: Partner,
  options: ConformanceOptions,
  tools: Tools,
  told: (result: CaseResult) => void,
): Promise<string | undefined> {
  const samples = await samplesReceivedBy(partner, options.flow, tools);
  const first = samples[0]?.named;
  const reach = {
    side: 'recipient',
    flow: first?.flow ?? options.flow ?? '?',
    object: first?.object ?? '?',
    case: 'reach',
    title: 'le logiciel est là',
    expected: partner.transport === 'mailbox' ? 'boîte relevée' : 'connexion établie',
  } as const;
  if (samples.length === 0)
    return nothing(told, { ...reach, got: 'ce partenaire ne reçoit rien de ce qui est demandé' });
  if (partner.transport !== 'https' && partner.transport !== 'mailbox')
    return nothing(told, { ...reach, got: `transport ${partner.transport} : hors de cette épreuve` });
  const broker = await ReferenceBroker.listen(tools, partner, options.port);
  const courier: Courier =
    partner.endpoint !== undefined && partner.transport === 'https'
      ? new Push(partner.endpoint, tools.configuration, broker, options.patienceMs)
      : new ServedMailbox(broker, options.patienceMs);
  try {
    options.onReady?.(`https://localhost:${broker.port}`);
    const { there, got, thumbprint: endpoint } = await courier.reach();
    told({ ...reach, got, verdict: there ? 'pass' : 'fail' });
    if (!there) return endpoint;
    const runner = new ReceiveCases(partner, courier, tools, told);
    for (const [, ofFlow] of Map.groupBy(samples, ({ named }) => named.inForce)) await runner.ofFlow(ofFlow);
    for (const result of answerCases(broker)) told(result);
    return endpoint;
  } finally {
    await courier.close();
    await broker.close();
  }
}

function nothing(told: (result: CaseResult) => void, result: Omit<CaseResult, 'verdict'>): undefined {
  told({ ...result, verdict: 'not-tested' });
}

/** What it sent of its own accord while it was tested: one line for all that was said of alike. */
function answerCases({ answers }: ReferenceBroker): CaseResult[] {
  const heard = answers.map(({ flow, object, problem }) => {
    const findings = problem?.findings ?? [];
    const said = findings.length === 0 ? problem?.code : wordsOf(findings);
    return { flow, object, said };
  });
  return [...Map.groupBy(heard, (one) => JSON.stringify(one)).values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [
          {
            side: 'sender',
            flow: first.flow,
            object: first.object,
            case: 'answer',
            title: `message envoyé par le logiciel pendant l’épreuve (${1 + others.length} fois)`,
            expected: 'conforme au contrat',
            got: first.said ?? 'conforme au contrat',
            verdict: first.said === undefined ? 'pass' : 'fail',
          },
        ],
  );
}

function reportOf(
  partner: Partner,
  cases: CaseResult[],
  { configuration, clock, flows, version }: Tools,
  { endpoint, options }: { endpoint: string | undefined; options: ConformanceOptions },
): Report {
  const thumbprints = (pems: readonly string[] = []) =>
    pems.map((pem) => thumbprint(new X509Certificate(pem)));
  const tried = new Set(cases.map(({ flow }) => flow));
  return {
    format: 'relais-conformance/1',
    partner: partner.id,
    at: clock.now().toISOString(),
    relais: { version, node: process.versions.node },
    transport: partner.transport,
    certificates: {
      enc: thumbprints(partner.keys.enc),
      'enc-h': thumbprints(partner.keys['enc-h']),
      relaisClient: thumbprint(new X509Certificate(readFileSync(configuration.tls.clientCertificate))),
      ...(endpoint === undefined ? {} : { endpoint }),
    },
    contracts: flows
      .all()
      .filter(({ flow }) => tried.has(flow.contract.flow))
      .map(({ flow: { contract }, hash }) => ({ flow: contract.flow, version: contract.version, hash })),
    cases,
    totals: totalsOf(cases),
    limits: limitsOf(partner, options),
  };
}

function limitsOf({ transport }: Partner, { receive, sent }: ConformanceOptions): string[] {
  return [
    'Ce compte rendu dit ce que le logiciel a répondu ce jour-là à ces cas ; il n’est pas une certification.',
    ...(receive
      ? [
          'Une répétition n’est vue que par sa deuxième réponse : qu’elle ne soit comptée qu’une fois se lit chez l’éditeur.',
          'Ce que le logiciel fait du contenu (affichage, classement) n’est pas vu ; les personnes sont fictives et INSi n’est pas interrogé.',
        ]
      : ['Côté destinataire : non éprouvé (--no-receive).']),
    ...(receive && transport === 'mailbox'
      ? [
          'Boîte aux lettres : un refus n’est vu que par l’absence de reçu (cinq fois le délai du dernier reçu, 0,3 s au moins) ; les cas propres à https sont sans objet.',
        ]
      : []),
    ...(sent === undefined ? ['Fichiers produits par le logiciel : non éprouvés (--sent).'] : []),
  ];
}
