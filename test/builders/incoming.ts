/** What the scenarios of a source service's pages share: its list, a file proposed, a decision. */
import { PDFDocument } from '@cantoo/pdf-lib';
import type { DemoAccount } from '../../apps/simulators/src/psc/index.ts';
import { aDmst, asked, exchangesOf, type Json, rows } from './portability.ts';
import { type Answer, eventually, type TestRelais } from './relais.ts';

/** People of service A answer at the pages. */
export const PAGES = { agreements: { 'spsti-a': { pages: true } } };

export interface Incoming extends Json {
  id: string;
  state: string;
  isOpen: boolean;
  candidates: number;
  proposed?: ({ id: string; needsConfirmation: boolean } & Json)[];
  answer?: Json;
}

/** Asks as a doctor of another service; gives the request's id, and the exchange once its source sees it in its list. */
export async function askedOfA(
  relais: TestRelais,
  changes: Json = {},
  of: { source: string; asker: DemoAccount; reader: DemoAccount } = {
    source: 'spsti-a',
    asker: 'doctor-b',
    reader: 'doctor-a',
  },
): Promise<{ request: string; exchange: string }> {
  const request = await asked(relais, { sources: [of.source], ...changes }, of.asker);
  const exchange = await eventually(async () => {
    const one = exchangesOf(relais, request).find(({ responder }) => responder === of.source);
    const { json } = await relais.by(of.reader)('/v1/incoming-requests?limit=500');
    return json.some((each) => (each as Json)['id'] === one?.id) && one?.id;
  });
  return { request, exchange };
}

/** A file as another vendor's software prints it. */
export async function aVendorPdf({ active = false } = {}): Promise<Buffer> {
  const document = await PDFDocument.create();
  document.addPage().drawText('Dossier de ADRUN ZOE');
  if (active) document.addJavaScript('open', 'app.alert("HOUILLES")');
  return Buffer.from(await document.save());
}

/** The software of A proposes a file. */
export function propose(
  relais: TestRelais,
  exchange: string,
  file: { body?: Uint8Array | string; mediaType?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { body = aDmst(), mediaType = 'application/json', headers = {} } = file;
  return relais.as('spsti-a')(`/v1/exchanges/${exchange}/candidates`, {
    body,
    headers: { 'content-type': mediaType, ...headers },
  });
}

/** A person joins one at the page. */
export function joined(
  relais: TestRelais,
  account: DemoAccount,
  exchange: string,
  body: Uint8Array,
  headers: Record<string, string>,
): Promise<Answer> {
  return relais.by(account)(`/v1/incoming-requests/${exchange}/candidates`, { body, headers });
}

export async function opened(
  relais: TestRelais,
  exchange: string,
  account: DemoAccount = 'doctor-a',
): Promise<Incoming> {
  const { json } = await relais.by(account)(`/v1/incoming-requests/${exchange}`);
  return json as unknown as Incoming;
}

export function decide(
  relais: TestRelais,
  account: DemoAccount,
  exchange: string,
  decision: 'release' | 'refuse',
  body: Json,
): Promise<Answer> {
  return relais.by(account)(`/v1/incoming-requests/${exchange}/${decision}`, { body: JSON.stringify(body) });
}

/** Files kept for an exchange, in the broker's own database. */
export const candidatesIn = (relais: TestRelais, exchange: string): number =>
  rows(relais, 'SELECT id FROM candidate WHERE exchange_id = ?', exchange).length;
