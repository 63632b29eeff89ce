import { classOf } from '../../../../contracts/mcp/fortnight.ts';
import { EdgeInput } from '../edge/edge-input.ts';
import { mcpFortnight } from '../edge/mcp.ts';
import { fortnightStart, mcpInputOf } from '../generate/mcp.ts';
import { createWorld, take, type Worker, type World } from '../generate/world.ts';
import type { BegunDemo } from './demo-run.ts';
import { SurveySender } from './survey-sender.ts';

const SEED = 20_261_116;
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
  const sender = new SurveySender(world, 'mcp', 'fortnight');
  const invented = createWorld({ seed: SEED, today: new Date().toISOString().slice(0, 10) });
  const workers = alike(invented);
  const halves = [0, 1].map((half) => workers.filter((_, n) => n % 2 === half));
  const campaign = world.campaigns['mcp']?.id;
  const sent = [
    await sender.send('spsti-a', 'spf', mcpInputOf(invented, halves[0] ?? [], campaign)),
    await sender.send('spsti-b', 'spf', mcpInputOf(invented, halves[1] ?? [], campaign)),
  ];
  return async () => {
    try {
      const read = await Promise.all(sent.map((one) => sender.collect(one)));
      const note = sender.explain(EXPLAINED);
      return {
        sender: 'spsti-a, spsti-b',
        recipient: 'spf',
        identity: '–',
        transform: 'généralisée (edge), k ≥ 5',
        protection: 'JWS + JWE (enc)',
        transport: 'mailbox (CSV + schéma)',
        outcome: read[0]?.outcome ?? '',
        messageIds: sent.map(({ messageId }) => messageId),
        files: [...read.flatMap(({ files }) => files), note],
      };
    } finally {
      await sender.close();
    }
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

const EXPLAINED = `
Quinzaine des maladies à caractère professionnel (personnes inventées).

spf-… : ce que Santé publique France a déchiffré avec sa propre clé, un envoi par service : tableau de bord (une ligne par
salarié vu), signalements, puis leur schéma (Tabular Data Package, JSON).
spsti-a-…, spsti-b-… : l’accusé fonctionnel revenu à chaque service.

Chaque ligne est généralisée au même niveau chez l’émetteur. Relais a gardé les deux envois jusqu’à la clôture de la campagne,
puis compté ensemble les lignes des deux services : chaque combinaison y est partagée par cinq personnes au moins (journal :
campaign.measured). Les personnes de cette démonstration ont été choisies pour cela ; dans une vraie quinzaine beaucoup de
combinaisons sont plus rares, et l’envoi attend alors une décision.
`;
