/** Who may open which mailbox of the simulated operator: the same for submission and for IMAP. */
import type { X509Certificate } from 'node:crypto';

export interface MailAccount {
  address: string;
  /** applicative mailbox: full subject of the ORG AUTH_CLI certificate that opens it, as node:crypto writes it */
  certificateSubject?: string;
  /** personal or organisation mailbox: `sub` of the people whose Pro Santé Connect token opens it */
  people?: readonly string[];
}

export interface Introspection {
  /** RFC 7662 endpoint of the Pro Santé Connect stand-in */
  url: string;
  clientId: string;
  clientSecret: string;
}

export class MailAccounts {
  readonly #accounts: Map<string, MailAccount>;

  constructor(
    accounts: readonly MailAccount[],
    private readonly introspection?: Introspection,
  ) {
    this.#accounts = new Map(accounts.map((account) => [account.address.toLowerCase(), account]));
  }

  /** The client certificate has passed the handshake already: here, only whose it is. */
  opensByCertificate(address: string, certificate: X509Certificate | undefined): boolean {
    const wanted = this.#accounts.get(address.toLowerCase())?.certificateSubject;
    return wanted !== undefined && certificate?.subject === wanted;
  }

  /** The token is asked about each time: a session that has ended opens nothing. */
  async opensByToken(address: string, token: string): Promise<boolean> {
    const people = this.#accounts.get(address.toLowerCase())?.people ?? [];
    if (people.length === 0 || this.introspection === undefined) return false;
    const { url, clientId, clientSecret } = this.introspection;
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      },
      body: new URLSearchParams({ token }),
    });
    if (!answer.ok) return false;
    const { active, sub } = (await answer.json()) as { active?: boolean; sub?: string };
    return active === true && sub !== undefined && people.includes(sub);
  }

  get all(): readonly MailAccount[] {
    return [...this.#accounts.values()];
  }
}
