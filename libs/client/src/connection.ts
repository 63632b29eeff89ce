import { Readable } from 'node:stream';
import { Agent } from 'undici';
import { RelaisProblem, RelaisUnreachable } from './errors.ts';

export interface TlsFiles {
  /** PEM: the client certificate, its key, the authority of Relais' server */
  cert: string | Buffer;
  key: string | Buffer;
  ca: string | Buffer;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

export interface Question {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: Uint8Array | string | AsyncIterable<Uint8Array>;
  signal?: AbortSignal | undefined;
}

/** One mutual-TLS connection pool to Relais. Never follows a redirection. */
export class Connection {
  private readonly agent: Agent;
  private readonly origin: string;

  constructor(baseUrl: string, tls: TlsFiles) {
    const url = new URL(baseUrl);
    if (url.protocol !== 'https:') throw new TypeError('Relais speaks https only');
    this.origin = url.origin;
    // A long poll of the mailbox may stay silent for thirty seconds.
    this.agent = new Agent({ headersTimeout: 60_000, connect: { ...tls, minVersion: 'TLSv1.2' } });
  }

  /** @throws RelaisProblem for any answer above 299, RelaisUnreachable without an answer */
  async ask(path: string, question: Question = {}): Promise<Answer> {
    const answer = await this.exchange(path, question);
    if (answer.status < 300) return answer;
    throw new RelaisProblem(
      answer.status,
      problemBody(answer.body),
      retryAfter(answer.headers['retry-after']),
    );
  }

  /** The same, with JSON both ways. */
  async json(path: string, body?: object, question: Question = {}): Promise<Record<string, unknown>> {
    const headers = { accept: 'application/json', ...question.headers };
    const answer = await this.ask(
      path,
      body === undefined
        ? { ...question, headers }
        : {
            ...question,
            method: 'POST',
            headers: { 'content-type': 'application/json', ...headers },
            body: JSON.stringify(body),
          },
    );
    return answer.body.length === 0 ? {} : JSON.parse(answer.body.toString());
  }

  async close(): Promise<void> {
    await this.agent.close();
  }

  private async exchange(path: string, question: Question): Promise<Answer> {
    try {
      const { statusCode, headers, body } = await this.agent.request({
        origin: this.origin,
        path,
        method: question.method ?? 'GET',
        headers: question.headers ?? {},
        body: bodyOf(question.body),
        signal: question.signal ?? null,
      });
      return { status: statusCode, headers, body: Buffer.from(await body.arrayBuffer()) };
    } catch (cause) {
      if (question.signal?.aborted) throw question.signal.reason;
      throw new RelaisUnreachable(cause instanceof Error ? cause.message : 'no answer', { cause });
    }
  }
}

function bodyOf(body: Question['body']): Uint8Array | string | Readable | null {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) return body ?? null;
  return Readable.from(body, { objectMode: false });
}

function problemBody(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Seconds, or undefined for an absent, dated or odd header. */
function retryAfter(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}
