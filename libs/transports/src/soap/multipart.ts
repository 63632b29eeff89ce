/** A SOAP message as it came: plain, or the root of a multipart/related with its parts. */
import { MIMEType } from 'node:util';
import { Dicer } from '@fastify/busboy';
import { unreadable } from './read-xml.ts';

export interface SoapMessage {
  envelope: Uint8Array;
  /** by Content-ID, without its angle brackets */
  parts: ReadonlyMap<string, Uint8Array>;
}

const MOST_PARTS = 32;
const XML_TYPES = ['application/soap+xml', 'application/xop+xml', 'text/xml'];

/** @throws BrokerError `transport.bad-answer` for another media type, a missing root, parts without end or too many */
export async function readSoapMessage(contentType: string, body: Uint8Array): Promise<SoapMessage> {
  const type = mediaType(contentType);
  if (type.essence !== 'multipart/related') {
    if (!XML_TYPES.includes(type.essence)) throw unreadable();
    return { envelope: body, parts: new Map() };
  }
  const boundary = type.params.get('boundary') ?? '';
  if (boundary === '' || boundary.length > 70) throw unreadable();
  const parts = await partsOf(body, boundary);
  const start = bare(type.params.get('start') ?? '');
  const [first] = parts;
  const root = start === '' ? first : parts.find(({ id }) => id === start);
  if (root === undefined || !XML_TYPES.includes(mediaType(root.type).essence)) throw unreadable();
  const others = parts.filter((part) => part !== root);
  // two of one name would let each reader choose its own
  if (new Set(others.map(({ id }) => id)).size !== others.length) throw unreadable();
  return { envelope: root.bytes, parts: new Map(others.map(({ id, bytes }) => [id, bytes])) };
}

interface Part {
  id: string;
  type: string;
  bytes: Uint8Array;
}

function partsOf(body: Uint8Array, boundary: string): Promise<Part[]> {
  return new Promise((resolve, reject) => {
    const parts: Part[] = [];
    const dicer = new Dicer({ boundary, maxHeaderPairs: 20 });
    let open = 0;
    let ended = false;
    const settle = () => {
      if (ended && open === 0) resolve(parts);
    };
    dicer.on('part', (stream) => {
      if (parts.length >= MOST_PARTS) {
        reject(unreadable());
        // it may still end before its time, and an error that nobody listens to would end the process
        stream.on('error', () => reject(unreadable()));
        stream.resume();
        return;
      }
      const chunks: Uint8Array[] = [];
      const part: Part = { id: '', type: '', bytes: new Uint8Array() };
      parts.push(part);
      open++;
      stream.on('header', (header) => {
        const headers = header as Record<string, string[]>;
        part.id = bare(headers['content-id']?.[0] ?? '');
        part.type = headers['content-type']?.[0] ?? '';
        const encoding = headers['content-transfer-encoding']?.[0]?.toLowerCase() ?? 'binary';
        if (!['binary', '8bit', '7bit'].includes(encoding)) reject(unreadable());
      });
      stream.on('data', (chunk: Uint8Array) => chunks.push(chunk));
      stream.on('error', () => reject(unreadable()));
      stream.on('end', () => {
        part.bytes = Buffer.concat(chunks);
        open--;
        settle();
      });
    });
    dicer.on('error', () => reject(unreadable()));
    dicer.on('finish', () => {
      ended = true;
      settle();
    });
    dicer.end(body);
  });
}

function mediaType(text: string): MIMEType {
  try {
    return new MIMEType(text);
  } catch {
    throw unreadable();
  }
}

function bare(contentId: string): string {
  return contentId.trim().replace(/^<|>$/g, '');
}
