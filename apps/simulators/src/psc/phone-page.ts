import type { IncomingMessage, ServerResponse } from 'node:http';
import { readForm } from './form.ts';
import { messagePage, PAGE_HEADERS, phonePage } from './pages.ts';
import type { Phone } from './phone.ts';
import type { Realm } from './realm.ts';

/** Every phone of a realm on one page, on loopback: for those who try CIBA by hand. */
export async function answerPhone(
  { title }: Realm,
  phone: Phone,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const show = (status: number, html: string): void =>
    void response.writeHead(status, PAGE_HEADERS).end(html);
  if (request.method !== 'POST') return show(200, phonePage(title, phone.pending()));
  const form = await readForm(request);
  const id = form?.get('id') ?? '';
  if (!phone.pending().some((demand) => demand.id === id)) {
    return show(404, messagePage(title, 'Cette demande n’attend plus.'));
  }
  if (form?.get('answer') === 'approve') await phone.approve(id);
  else await phone.deny(id);
  return show(200, phonePage(title, phone.pending()));
}
