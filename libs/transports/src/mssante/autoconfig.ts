/** `config-v1.1.xml` of a domain: where its operator takes and shows mail. Read as hostile input. */
import { ParseOption, XmlDocument, XmlElement } from 'libxml2-wasm';
import { BrokerError, type MailServer, type MailServers } from '#core';

/** largest document that is read; a true one has 1 to 2 kB */
export const AUTOCONFIG_BYTES = 65_536;

const HOST = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/**
 * Only STARTTLS counts: a server told with `plain` or `SSL` is as if it were not told.
 *
 * @throws BrokerError `xml.doctype`, `mail.discovery-failed`
 */
export function readAutoconfig(xml: Uint8Array): MailServers {
  const text = decoded(xml);
  if (/<!\s*(DOCTYPE|ENTITY)/i.test(text)) throw new BrokerError('xml.doctype', { next: 'retry' });
  const document = parse(text);
  try {
    return {
      submission: serverIn(document, 'outgoingServer', 'smtp'),
      imap: serverIn(document, 'incomingServer', 'imap'),
    };
  } finally {
    document.dispose();
  }
}

/** Another encoding could hide a DOCTYPE from the look above. */
function decoded(xml: Uint8Array): string {
  const text = xml.byteLength > AUTOCONFIG_BYTES ? undefined : utf8(xml);
  if (text === undefined || text.includes('\0')) throw unreadable();
  const declared = /^<\?xml[^>]*encoding=["']([^"']+)["']/.exec(text)?.[1] ?? 'utf-8';
  if (!['utf-8', 'us-ascii'].includes(declared.toLowerCase())) throw unreadable();
  return text;
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parse(text: string): XmlDocument {
  try {
    return XmlDocument.fromString(text, { option: ParseOption.XML_PARSE_NONET });
  } catch (cause) {
    throw unreadable(cause);
  }
}

function serverIn(document: XmlDocument, element: string, type: string): MailServer {
  const path = `/clientConfig/emailProvider/${element}[@type='${type}'][socketType='STARTTLS']`;
  const found = document.get(path);
  if (!(found instanceof XmlElement)) throw unreadable();
  const host = found.get('hostname')?.content.trim() ?? '';
  const port = Number(found.get('port')?.content.trim());
  if (!HOST.test(host) || !Number.isInteger(port) || port < 1 || port > 65_535) throw unreadable();
  return { host: host.toLowerCase(), port };
}

const unreadable = (cause?: unknown) =>
  new BrokerError('mail.discovery-failed', cause === undefined ? {} : { cause });
