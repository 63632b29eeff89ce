/** Where the time goes: a V8 CPU profile summed up by stage of the broker, then by its first consumers. */
import { readFileSync } from 'node:fs';

interface CpuProfile {
  nodes: {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
    children?: number[];
  }[];
  samples: number[];
  /** microseconds since the sample before */
  timeDeltas: number[];
}

export interface Share {
  name: string;
  /** of the samples that were not idle */
  share: number;
}

/** The first that a sample's stack meets, from its top: whose work it was. */
const STAGES: readonly (readonly [RegExp, string])[] = [
  [
    /\/libs\/core\/src\/(checks|content)\/|\/contracts\/|\/node_modules\/ajv/,
    'contrat : schéma, règles, filtre',
  ],
  [/\/libs\/protection\/src\/jwe\//, 'sceller (JWE)'],
  [/\/libs\/protection\/src\/jws\//, 'signer (JWS)'],
  [/\/libs\/protection\/src\/at-rest\//, 'chiffrer au repos'],
  [/\/libs\/protection\/src\/certificates\//, 'certificats'],
  [/\/libs\/core\/src\/(journal|digest)\.|\/node_modules\/canonicalize/, 'empreintes et journal'],
  [/\/libs\/storage\/src\/reads\/|\/node_modules\/(typeorm|reflect-metadata)/, 'lire la base'],
  [/\/libs\/storage\//, 'écrire la base (côté boucle)'],
  [/\/libs\/transports\/|\/node_modules\/undici\//, 'remettre (HTTPS sortant)'],
  [
    /\/apps\/broker\/|\/node_modules\/(@nestjs|fastify|@fastify|light-my-request|rxjs|find-my-way)/,
    'recevoir (HTTPS entrant)',
  ],
  [/\/libs\/(core|queue)\//, 'étapes et file'],
  [/node:(_http|internal\/http|_tls|tls|net|internal\/tls|internal\/stream_base)/, 'HTTP et TLS de Node'],
];
const OTHER = 'Node et le reste';
const COLLECTOR = 'ramasse-miettes';

export interface Profile {
  thread: 'boucle d’événements' | 'fil d’écriture' | 'autre fil';
  stages: Share[];
  consumers: Share[];
}

/** Of the last `lastMs` only: a program that starts is busy with other things. */
export function readProfile(file: string, lastMs: number): Profile {
  const profile = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(profile.nodes.flatMap((node) => (node.children ?? []).map((id) => [id, node.id])));
  const stages = new Map<string, number>();
  const consumers = new Map<string, number>();
  let busy = 0;
  let left = profile.timeDeltas.reduce((sum, delta) => sum + delta, 0);
  for (const [i, id] of profile.samples.entries()) {
    const time = profile.timeDeltas[i] ?? 0;
    left -= time;
    const frame = byId.get(id)?.callFrame;
    if (left > lastMs * 1000) continue;
    if (frame === undefined || frame.functionName === '(idle)') continue;
    busy += time;
    add(stages, frame.functionName === '(garbage collector)' ? COLLECTOR : stageOf(id), time);
    add(consumers, `${frame.functionName || '(anonyme)'} ${shortened(frame.url)}`, time);
  }
  const shares = (sums: Map<string, number>) =>
    [...sums].map(([name, time]) => ({ name, share: time / busy })).sort((a, b) => b.share - a.share);
  const runs = (part: string) => profile.nodes.some(({ callFrame }) => callFrame.url.includes(part));
  const thread = runs('/writer-thread.')
    ? 'fil d’écriture'
    : runs('/broker/src/')
      ? 'boucle d’événements'
      : 'autre fil';
  return { thread, stages: shares(stages), consumers: shares(consumers) };

  function stageOf(id: number): string {
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const url = byId.get(at)?.callFrame.url ?? '';
      const stage = STAGES.find(([pattern]) => pattern.test(url));
      if (stage !== undefined) return stage[1];
    }
    return OTHER;
  }
}

function add(sums: Map<string, number>, name: string, time: number): void {
  sums.set(name, (sums.get(name) ?? 0) + time);
}

/** The module and file, without where this copy of Relais stands. */
function shortened(url: string): string {
  return url.replace(/^.*\/(node_modules|dist)\//, '');
}
