/** What will expire: for the operator's screen, for Prometheus, and in the log once a day from 60 days before. */
import { Gauge, Registry } from 'prom-client';
import type { Clock, Directory, PartnerId } from '#core';
import type { Configuration } from '../config/environment.ts';
import type { Log } from '../engine/log.ts';
import { type KnownCertificate, knownCertificates } from './known-certificates.ts';

const DAY_MS = 86_400_000;

/** Days before the end at which it is time to order, to replace, to hurry; 0 = expired. */
const THRESHOLDS = [0, 7, 30, 60] as const;

/** A revocation list lives a day or a week: what counts is that its next one comes. */
const LIST_THRESHOLDS = [0, 2] as const;

export interface WatchedCertificate extends KnownCertificate {
  /** whole days left, below zero once expired */
  days: number;
  /** the nearest threshold that is passed */
  within?: number;
}

export class CertificateRadar {
  readonly #registry = new Registry();
  readonly #expiry: Gauge<'owner' | 'use'>;
  /** certificate and threshold → day on which it was said */
  readonly #said = new Map<string, string>();

  constructor(
    private readonly configuration: Pick<Configuration, 'tls' | 'insi' | 'igc'>,
    private readonly directory: Directory,
    private readonly clock: Clock,
    private readonly log: Pick<Log, 'warn'>,
    /** client certificates of partners, once shown */
    private readonly shown: () => ReadonlyMap<PartnerId, Date> = () => new Map(),
  ) {
    this.#expiry = new Gauge({
      name: 'relais_certificate_expiry_seconds',
      help: 'Seconds until a certificate, a revocation list or a mandate ends; below zero once it has',
      labelNames: ['owner', 'use'],
      registers: [this.#registry],
    });
  }

  /** Soonest first. */
  list(): WatchedCertificate[] {
    const now = this.clock.now().getTime();
    const clients = [...this.shown()].map(
      ([owner, until]): KnownCertificate => ({ owner, use: 'partner-client', until }),
    );
    const all = [...knownCertificates(this.configuration, this.directory.all()), ...clients];
    all.sort((a, b) => a.until.getTime() - b.until.getTime());
    return all.map((one) => {
      const days = Math.floor((one.until.getTime() - now) / DAY_MS);
      const thresholds = one.use === 'revocation-list' ? LIST_THRESHOLDS : THRESHOLDS;
      const left = (one.until.getTime() - now) / DAY_MS;
      const within = thresholds.find((threshold) => left <= threshold);
      return { ...one, days, ...(within === undefined ? {} : { within }) };
    });
  }

  /** For the keeper, as often as it likes: each threshold of each certificate is said once a day. */
  warn(): void {
    const today = this.clock.now().toISOString().slice(0, 10);
    for (const { owner, use, until, days, within } of this.list()) {
      const name = `${use} ${owner} ${within}`;
      if (within === undefined || this.#said.get(name) === today) continue;
      this.#said.set(name, today);
      const text = within === 0 ? 'certificate expired' : 'certificate expires soon';
      this.log.warn({ owner, use, until: until.toISOString(), days, within }, text);
    }
  }

  /** Prometheus text of its one metric. */
  metrics(): Promise<string> {
    const now = this.clock.now().getTime();
    this.#expiry.reset();
    for (const { owner, use, until } of this.list())
      this.#expiry.set({ owner, use }, Math.floor((until.getTime() - now) / 1000));
    return this.#registry.metrics();
  }
}
