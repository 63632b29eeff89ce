/** Messages a minute, per partner: a loop in one vendor's software must not be everybody's outage. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { BrokerError, type Partner } from '#core';

export class RateLimits {
  readonly #limiters = new Map<number, RateLimiterMemory>();

  constructor(private readonly perMinute: number) {}

  /** `points` messages. @throws BrokerError `rate.exceeded` with the seconds to wait */
  async spend(partner: Partner, points = 1): Promise<void> {
    const limit = partner.rate ?? this.perMinute;
    try {
      await this.#limiter(limit).consume(partner.id, points);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new BrokerError('rate.exceeded', {
        retryAfter: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)),
      });
    }
  }

  #limiter(points: number): RateLimiterMemory {
    const known = this.#limiters.get(points);
    if (known !== undefined) return known;
    const limiter = new RateLimiterMemory({ points, duration: 60 });
    this.#limiters.set(points, limiter);
    return limiter;
  }
}
