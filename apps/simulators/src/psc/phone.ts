import type Provider from 'oidc-provider';
import { errors } from 'oidc-provider';
import type { Realm } from './realm.ts';

/** One demand on somebody's phone, or card reader. */
export interface PhoneDemand {
  id: string;
  /** as the client wrote it: the national id */
  loginHint: string;
  /** to be compared with what the software shows */
  bindingMessage: string;
  channel: string;
  account: string;
  /** ms since the epoch */
  until: number;
}

/** The authentication device of CIBA: what it was asked, and a thumb that says yes or no. Says nothing by itself. */
export class Phone {
  private readonly demands = new Map<string, PhoneDemand & { clientId: string; sub: string }>();
  private provider: Provider | undefined;

  constructor(private readonly realm: Realm) {}

  attach(provider: Provider): void {
    this.provider = provider;
  }

  ring(demand: PhoneDemand & { clientId: string; sub: string }): void {
    this.demands.set(demand.id, demand);
  }

  /** Unanswered and still in time, oldest first. */
  pending(): PhoneDemand[] {
    const now = Date.now();
    for (const [id, { until }] of this.demands) if (until <= now) this.demands.delete(id);
    return [...this.demands.values()].map(({ clientId: _, sub: __, ...shown }) => shown);
  }

  async approve(id: string): Promise<void> {
    const { provider, demand } = this.take(id);
    const grant = new provider.Grant({ clientId: demand.clientId, accountId: demand.sub });
    grant.addOIDCScope(`openid ${this.realm.scope}`);
    await grant.save();
    const acr = this.realm.accounts.find(({ sub }) => sub === demand.sub)?.acr;
    await provider.backchannelResult(demand.id, grant, {
      ...(acr === null ? {} : { acr: acr ?? this.realm.acr }),
      authTime: Math.floor(Date.now() / 1000),
    });
  }

  async deny(id: string): Promise<void> {
    const { provider, demand } = this.take(id);
    await provider.backchannelResult(demand.id, new errors.AccessDenied());
  }

  private take(id: string) {
    const demand = this.demands.get(id);
    if (demand === undefined || this.provider === undefined) throw new Error('no such demand');
    this.demands.delete(id);
    return { provider: this.provider, demand };
  }
}
