/** What the survey specs share: dossiers of the full sample as a service's software hands them to the edge. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { flows } from '#contracts';
import { eventType } from '#core';
import type { Dmst } from '#core/dmst';
import { throughEdge } from '../../apps/cli/src/edge/edge.ts';
import { SenderFolder } from '../../apps/cli/src/edge/sender-folder.ts';
import type { PartnerSoftware } from '../../apps/simulators/src/partner/index.ts';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { type Json, rows } from './portability.ts';
import { eventually, type TestRelais } from './relais.ts';

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

export const HOUR = 3_600_000;

/** A file for RELAIS_CAMPAIGNS: every survey open for an hour from now, whatever the day. */
export function openCampaigns(): string {
  const folder = join(import.meta.dirname, '../../var/test');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `campaigns-${process.pid}-${Date.now()}.json`);
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  const open = flows.flatMap(({ contract: { flow, campaign } }) =>
    campaign === undefined ? [] : [[flow, { ...campaign, opensAt: at(-HOUR), closesAt: at(HOUR) }]],
  );
  writeFileSync(file, JSON.stringify(Object.fromEntries(open)));
  return file;
}

/** What a service's own software does with a survey: through its edge, then to Relais. */
export class SurveyDesk {
  #sent = 0;

  constructor(
    private readonly relais: TestRelais,
    private readonly service: Spsti,
    private readonly flow: string,
    private readonly object: string,
    readonly folder = mkdtempSync(join(tmpdir(), 'relais-sender-')),
  ) {}

  throughEdge(input: unknown): Json {
    return throughEdge(this.flow, input, new SenderFolder(this.folder)) as Json;
  }

  /** @returns the id of the message; @throws RelaisProblem when it is refused */
  async send(recipient: string, content: unknown): Promise<string> {
    this.#sent += 1;
    const { id } = await this.service.client.send({
      id: `${this.flow}-${this.service.client.partner}-${this.#sent}`,
      type: eventType(this.flow, this.object, 1),
      datacontenttype: 'application/json',
      recipient,
      data: JSON.stringify(content),
    });
    return id;
  }

  /** The functional acknowledgement of a message, once it is back here, and the end of its exchange. */
  async acknowledged(messageId: string): Promise<{ acknowledgement: Json; state: string; refusal: unknown }> {
    const exchange = () =>
      rows(this.relais, 'SELECT id, state, refusal FROM exchange WHERE request_id = ?', messageId)[0];
    return eventually(async () => {
      const found = exchange();
      const back = this.service.received.find(
        ({ object, correlationid }) => object === 'acknowledgement' && correlationid === found?.['id'],
      );
      if (back === undefined || found === undefined) return undefined;
      const state = String(found['state']);
      if (state !== 'CLOSED' && state !== 'REFUSED') return undefined;
      return { acknowledgement: readJson(back.files[0]), state, refusal: found['refusal'] };
    });
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }
}

export function readJson(file: string | undefined): Json {
  return JSON.parse(readFileSync(file ?? '', 'utf8')) as Json;
}

export function readCsv(file: string | undefined): Record<string, string>[] {
  return parse(readFileSync(file ?? ''), { columns: true });
}

/** The files of a message, as its recipient decrypted them. */
export function filesOf(partner: PartnerSoftware, messageId: string): Promise<string[]> {
  return eventually(async () => partner.received.find((one) => one.messageId === messageId)?.files);
}
