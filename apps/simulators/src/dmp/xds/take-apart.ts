/** MTOM as a server takes it apart: the envelope, and the parts that it includes. */
import { MIMEType } from 'node:util';
import { Dicer } from '@fastify/busboy';

export interface Mtom {
  envelope: string;
  /** by Content-ID */
  parts: Map<string, Buffer>;
  action: string;
}

/** @returns undefined when it is no MTOM message of SOAP 1.2 */
export async function takeApart(contentType: string, body: Buffer): Promise<Mtom | undefined> {
  const type = mimeType(contentType);
  const start = bare(type?.params.get('start') ?? '');
  const isMtom =
    type?.essence === 'multipart/related' &&
    type.params.get('type') === 'application/xop+xml' &&
    type.params.get('start-info') === 'application/soap+xml' &&
    start !== '';
  if (!isMtom) return undefined;
  const parts = await partsOf(body, type.params.get('boundary') ?? '');
  const root = parts?.find(({ id }) => id === start);
  const rootType = mimeType(root?.type ?? '');
  if (parts === undefined || root === undefined || rootType?.essence !== 'application/xop+xml')
    return undefined;
  return {
    envelope: root.bytes.toString('utf8'),
    parts: new Map(parts.filter((part) => part !== root).map(({ id, bytes }) => [id, bytes])),
    action: type.params.get('action') ?? '',
  };
}

interface Part {
  id: string;
  type: string;
  bytes: Buffer;
}

function partsOf(body: Buffer, boundary: string): Promise<Part[] | undefined> {
  return new Promise((resolve) => {
    const parts: Promise<Part>[] = [];
    const dicer = new Dicer({ boundary });
    dicer.on('part', (stream) => {
      parts.push(
        new Promise((done) => {
          const part = { id: '', type: '' };
          const chunks: Buffer[] = [];
          stream.on('header', (header) => {
            const headers = header as Record<string, string[]>;
            part.id = bare(headers['content-id']?.[0] ?? '');
            part.type = headers['content-type']?.[0] ?? '';
          });
          stream.on('data', (chunk: Buffer) => chunks.push(chunk));
          stream.on('error', () => resolve(undefined));
          stream.on('end', () => done({ ...part, bytes: Buffer.concat(chunks) }));
        }),
      );
    });
    dicer.on('error', () => resolve(undefined));
    dicer.on('finish', () => void Promise.all(parts).then(resolve));
    dicer.end(body);
  });
}

function mimeType(text: string): MIMEType | undefined {
  try {
    return new MIMEType(text);
  } catch {
    return undefined;
  }
}

function bare(id: string): string {
  return id.trim().replace(/^<|>$/g, '');
}
