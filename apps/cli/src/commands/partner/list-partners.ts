import { readPartners } from '../../../../broker/src/config/partners-file.ts';
import type { Cli } from '../../cli.ts';
import { table } from '../../demo/table.ts';

const HEADINGS = ['partenaire', 'genre', 'nom', 'reçoit par', 'flux envoyés', 'accès'];

export async function listPartners(cli: Cli): Promise<void> {
  const { partnersFile } = await cli.configuration();
  const rows = readPartners(partnersFile).partners.map((partner) => [
    partner.id,
    partner.kind,
    partner.name,
    partner.transport === 'https' ? `https ${partner.endpoint ?? ''}` : partner.transport,
    partner.flows.join(' ') || '–',
    partner.client === undefined ? 'révoqué' : 'ouvert',
  ]);
  cli.out(table(HEADINGS, rows));
}
