/** As the broker pushes: a CloudEvent in binary mode over mutual TLS, and nothing hidden of what is answered. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { Agent, request } from 'undici';
import { thumbprint } from '#protection';
import { cloudEventHeaders } from '#transports';
import type { Configuration } from '../../../broker/src/config/environment.ts';
import type { Courier, Told } from './courier.ts';
import type { Parcel } from './make-parcel.ts';
import type { ReferenceBroker } from './reference-broker.ts';

/** Statuses after which the broker tries again (libs/transports). */
const LATER = new Set([408, 425, 429]);
/** a manifest is genuine before its parts are fetched: its refusal may follow the 2xx */
const AFTERWARDS_MS = 1_000;

export class Push implements Courier {
  readonly #known: Agent;
  readonly #anonymous: Agent;
  readonly #tls: Readonly<Record<'ca' | 'crl' | 'cert' | 'key', string>> & { minVersion: 'TLSv1.2' };

  constructor(
    private readonly endpoint: string,
    { tls }: Configuration,
    private readonly broker: ReferenceBroker,
    private readonly patienceMs: number,
  ) {
    const server = {
      ca: readFileSync(tls.authorities, 'utf8'),
      crl: readFileSync(tls.revocations, 'utf8'),
      minVersion: 'TLSv1.2' as const,
    };
    this.#tls = {
      ...server,
      cert: readFileSync(tls.clientCertificate, 'utf8'),
      key: readFileSync(tls.clientKey, 'utf8'),
    };
    this.#known = new Agent({ connect: { ...this.#tls, timeout: patienceMs } });
    this.#anonymous = new Agent({ connect: { ...server, timeout: patienceMs } });
  }

  async reach(): Promise<{ there: boolean; got: string; thumbprint?: string }> {
    const { hostname, port } = new URL(this.endpoint);
    const socket = connect({
      ...this.#tls,
      host: hostname,
      servername: hostname,
      port: Number(port === '' ? 443 : port),
      timeout: this.patienceMs,
    });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('secureConnect', resolve);
        socket.once('error', reject);
        socket.once('timeout', () => reject(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })));
      });
      const shown = socket.getPeerX509Certificate();
      return {
        there: true,
        got: 'connexion établie',
        ...(shown === undefined ? {} : { thumbprint: thumbprint(shown) }),
      };
    } catch (error) {
      return { there: false, got: `aucune connexion (${codeOf(error)})` };
    } finally {
      socket.destroy();
    }
  }

  async offer(
    parcel: Parcel,
    { anonymous, expects }: { anonymous?: boolean; expects: 'taken' | 'refused' },
  ): Promise<Told> {
    this.broker.hold(parcel);
    const told = await this.#post(parcel, anonymous === true ? this.#anonymous : this.#known);
    if (told.outcome !== 'taken' || expects === 'taken' || parcel.parts.size === 0) return told;
    const receipt = await this.broker.receiptOf(parcel.deliveryId, AFTERWARDS_MS);
    return receipt === 'refused' ? { outcome: 'refused', got: `${told.got}, puis reçu « refused »` } : told;
  }

  async close(): Promise<void> {
    await Promise.all([this.#known.close(), this.#anonymous.close()]);
  }

  async #post({ attributes, data }: Parcel, dispatcher: Agent): Promise<Told> {
    const { datacontenttype = '', ...others } = attributes;
    const signal = AbortSignal.timeout(this.patienceMs);
    try {
      const { statusCode, body } = await request(this.endpoint, {
        method: 'POST',
        headers: { ...cloudEventHeaders(others), 'content-type': datacontenttype },
        body: data,
        signal,
        dispatcher,
      });
      await body.dump();
      return { outcome: outcomeOf(statusCode), got: `HTTP ${statusCode}` };
    } catch (error) {
      if (signal.aborted) return { outcome: 'silent', got: `aucune réponse en ${this.patienceMs / 1000} s` };
      return { outcome: 'cut', got: `connexion coupée (${codeOf(error)})` };
    }
  }
}

function outcomeOf(status: number): Told['outcome'] {
  if (status >= 200 && status < 300) return 'taken';
  return status >= 400 && status < 500 && !LATER.has(status) ? 'refused' : 'later';
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  return cause === undefined ? 'sans code' : codeOf(cause);
}
