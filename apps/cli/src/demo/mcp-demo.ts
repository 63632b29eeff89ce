import { setTimeout as pause } from 'node:timers/promises';
import { classOf } from '../../../../contracts/mcp/fortnight.ts';
import { EdgeInput } from '../edge/edge-input.ts';
import { mcpFortnight } from '../edge/mcp.ts';
import { fortnightStart, mcpInputOf } from '../generate/mcp.ts';
import { createWorld, take, type Worker, type World } from '../generate/world.ts';
import type { BegunDemo } from './demo-run.ts';
import { keepIn } from './flow-folder.ts';
import { follow, send } from './send-and-follow.ts';
import { throughOwnEdge } from './through-edge.ts';

const SEED = 20_261_116;
const SERVICES = ['spsti-a', 'spsti-b'] as const;
const FILES = ['tableau-de-bord.csv', 'signalements.csv', 'schema.json'];
const CLASSES = 3;
const IN_A_CLASS = 8;
const ILL_IN_A_CLASS = 2;
/** Enough people to find some who are alike. */
const LOOKED_AT = 2_000;

/**
 * Both services deposit at once; what they sent is held back until the campaign closes and k was measured over the lines
 * of both. Returns what to do at the end.
 */
export const beginMcpDemo: BegunDemo = async (world) => {
  const recipient = world.partners['spf'];
  if (recipient === undefined) throw new Error('aucun destinataire');
  const invented = createWorld({ seed: SEED, today: new Date().toISOString().slice(0, 10) });
  const workers = alike(invented);
  const campaign = world.campaigns['mcp'];
  if (campaign === undefined) throw new Error('aucune campagne');
  const { id, closesAt } = campaign;
  const sent = await Promise.all(
    SERVICES.map(async (service, half) => {
      const seen = workers.filter((_, n) => n % SERVICES.length === half);
      const [json] = await throughOwnEdge(world, service, 'mcp', [mcpInputOf(invented, seen, id)]);
      return send(world.services[service], recipient, { flow: 'mcp', object: 'fortnight', json });
    }),
  );
  return async () => {
    // nothing leaves before; how soon the other flows are done depends on the machine
    await pause(Math.max(0, Date.parse(closesAt) - Date.now()));
    const followed = await Promise.all(
      SERVICES.map((service, n) => follow(world.services[service], recipient, 'mcp', sent[n] ?? '')),
    );
    const copies = followed.flatMap(({ told, acknowledgement }, n) => [
      ...told.files.map((file, part) => [file, `spf-de-${SERVICES[n]}-${FILES[part]}`] as const),
      ...acknowledgement.files.map((file) => [file, `${SERVICES[n]}-accuse.json`] as const),
    ]);
    return {
      sender: SERVICES.join(', '),
      recipient: 'spf',
      identity: '–',
      transform: 'généralisée (edge), k ≥ 5',
      protection: 'JWS + JWE (enc)',
      form: 'CSV + schéma',
      outcome: 'remis, accusé reçu',
      messageIds: sent,
      files: keepIn(world.folder('mcp'), copies, NOTE),
    };
  };
};

/** Workers of a few classes, enough of each: of a true fortnight many lines would stand alone, and wait for a decision. */
function alike(world: World): Worker[] {
  const classes = new Map<string, { ill: Worker[]; others: Worker[] }>();
  for (const worker of take(world.workers(), LOOKED_AT)) {
    const since = worker.dossier.employments[0]?.from ?? '';
    if (since > fortnightStart(world.today)) continue;
    const [line] = mcpFortnight(new EdgeInput(mcpInputOf(world, [worker]))).lines;
    if (line === undefined) continue;
    const members = classes.get(classOf(line)) ?? { ill: [], others: [] };
    (line.mcp ? members.ill : members.others).push(worker);
    classes.set(classOf(line), members);
  }
  const full = [...classes.values()]
    .filter(({ others }) => others.length >= IN_A_CLASS)
    .sort((a, b) => b.ill.length - a.ill.length)
    .slice(0, CLASSES);
  if (full.length === 0) throw new Error('aucune classe assez nombreuse');
  return full.flatMap(({ ill, others }) => [...ill.slice(0, ILL_IN_A_CLASS), ...others].slice(0, IN_A_CLASS));
}

const NOTE = [
  'Quinzaine des maladies à caractère professionnel (personnes inventées).',
  '',
  'spf-de-* : ce que Santé publique France a déchiffré avec sa propre clé, un envoi par service : tableau de bord (une ligne',
  '  par salarié vu), signalements, et leur schéma (Tabular Data Package).',
  'spsti-*-accuse.json : l’accusé fonctionnel revenu à chaque service.',
  '',
  'Chaque ligne est généralisée au même niveau chez l’émetteur (relais edge). Relais a gardé les deux envois jusqu’à la',
  'clôture de la campagne, puis compté ensemble les lignes des deux services : chaque combinaison y est partagée par cinq',
  'personnes au moins (journal : campaign.measured). Les personnes de cette démonstration ont été choisies pour cela ; dans',
  'une vraie quinzaine des combinaisons sont plus rares, et l’envoi attend alors une décision.',
];
