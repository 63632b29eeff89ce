/** What the survey specs share: dossiers of the full sample as a service's software hands them to the edge. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dmst } from '#core/dmst';

const FULL = join(import.meta.dirname, '../../contracts/dmst-portability/samples/valid/response.full.json');

export function aDossierOf(identity: Partial<Dmst['identity']> = {}): Dmst {
  const dossier = JSON.parse(readFileSync(FULL, 'utf8')) as Dmst;
  return { ...dossier, identity: { ...dossier.identity, ...identity } };
}

/** Answers that the sumer edge takes with such a dossier. */
export function sumerInput(answers: object = {}, dmst: Dmst = aDossierOf()) {
  return {
    dmst,
    answers: {
      survey: 'sumer-2026',
      visitOn: '2026-11-17',
      informedAt: '2026-11-17',
      recordedBy: 'MT',
      status: 'PRIVE',
      region: '84',
      preventionBodies: ['CSE'],
      hours: ['EQUIPES'],
      exposures: [
        { ref: 'X1', domain: 'AMBIANCE', agent: 'TEP-P0021', ppe: ['AUDITIVE'], opinion: 'MOYENNE' },
        { ref: 'X2', domain: 'CHIMIQUE', agent: 'TEP-C0417', collectiveProtection: ['ASPIRATION-SOURCE'] },
      ],
      selfQuestionnaire: [{ item: 'RPS-01', level: 3 }],
      ...answers,
    },
  };
}

export function evrestInput(answers: object = {}, dmst: Dmst = aDossierOf({ birthDate: '1975-10-31' })) {
  return {
    dmst,
    answers: {
      interviewOn: '2026-11-17',
      informedAt: '2026-11-17',
      recordedBy: 'IDEST',
      team: 'equipe-042',
      worker: { 'pression-temps': 7, postures: 'SOUVENT' },
      health: { 'rachis-lombaire': { symptoms: true, discomfort: true, care: false } },
      ...answers,
    },
  };
}

/** `size` workers of one class; the first has a report when asked. */
export function mcpInput(
  size: number,
  changes: { region?: string; report?: object; seenOn?: string; campaign?: string } = {},
) {
  const { region = '84', report, seenOn = '2026-11-17', campaign = 'mcp-2026-2' } = changes;
  return {
    campaign,
    informedAt: '2026-11-16',
    recordedBy: 'MT',
    workers: Array.from({ length: size }, (_, n) => ({
      dmst: aDossierOf({ localId: { system: 'urn:relais:test', value: `T-${region}-${n}` } }),
      answers: { seenOn, region, ...(n === 0 && report !== undefined ? { report } : {}) },
    })),
  };
}

export const A_REPORT = {
  pathology: 'M75.1',
  agents: ['TEP-P0107'],
  table: { regime: 'RG', number: '57' },
  tableStatus: 'DANS-UN-TABLEAU',
  nonDeclaration: 'CHOIX-DU-SALARIE',
};
