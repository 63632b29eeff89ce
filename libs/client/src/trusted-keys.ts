import { setTimeout as wait } from 'node:timers/promises';
import {
  type CompactJWSHeaderParameters,
  compactVerify,
  createLocalJWKSet,
  errors,
  type JSONWebKeySet,
} from 'jose';
import { NotGenuine } from './errors.ts';

/** What a signature by Relais is for. */
export const TYPES = {
  receipt: 'relais-receipt+jwt',
  seal: 'relais-seal+jwt',
  part: 'relais-part+jwt',
  manifest: 'vnd.relais.manifest+jws',
} as const;

type Resolver = ReturnType<typeof createLocalJWKSet>;

const ASK_AT_MOST_EVERY_MS = 1000;

/** Relais' public keys: asked for once, and again when a signature names one that is not known (it was rotated). */
export class TrustedKeys {
  private known: Resolver | undefined;
  private asking: Promise<Resolver> | undefined;
  private askedAt = Number.NEGATIVE_INFINITY;

  /** `rotates: false` when the keys were received beforehand and never change. */
  constructor(
    private readonly fetch: () => Promise<JSONWebKeySet>,
    private readonly rotates = true,
  ) {}

  static pinned(jwks: JSONWebKeySet): TrustedKeys {
    return new TrustedKeys(async () => jwks, false);
  }

  /**
   * Claims of a compact JWS by Relais for that use.
   * @throws NotGenuine, or what the fetch throws
   */
  async verify(jws: string, type: keyof typeof TYPES): Promise<Record<string, unknown>> {
    requireExact(jws, 3);
    const { payload, protectedHeader } = await this.check(jws, this.known ?? (await this.ask()));
    const { alg, kid, typ, ...others } = protectedHeader;
    if (alg !== 'ES256' || kid === undefined || typ !== TYPES[type] || Object.keys(others).length > 0)
      throw new NotGenuine('signature', 'made for another use');
    return { ...JSON.parse(new TextDecoder().decode(payload)) };
  }

  private async check(
    jws: string,
    keys: Resolver,
    again = this.rotates,
  ): Promise<{ payload: Uint8Array; protectedHeader: CompactJWSHeaderParameters }> {
    try {
      return await compactVerify(jws, keys, { algorithms: ['ES256'] });
    } catch (error) {
      if (again && error instanceof errors.JWKSNoMatchingKey) return this.check(jws, await this.ask(), false);
      throw new NotGenuine('signature', error instanceof errors.JOSEError ? error.code : 'unreadable');
    }
  }

  private ask(): Promise<Resolver> {
    this.asking ??= this.askSoon().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async askSoon(): Promise<Resolver> {
    const since = Date.now() - this.askedAt;
    if (since < ASK_AT_MOST_EVERY_MS) await wait(ASK_AT_MOST_EVERY_MS - since);
    this.askedAt = Date.now();
    const { keys } = await this.fetch();
    // A key published for encryption signs nothing.
    this.known = createLocalJWKSet({
      keys: keys.filter(({ use, kid }) => use === 'sig' && kid !== undefined),
    });
    return this.known;
  }
}

/** Segments in strict base64url: without it, stray bits let a changed character go unseen. */
export function requireExact(compact: string, segments: number): void {
  const found = compact.split('.');
  const exact = found.every((text) => Buffer.from(text, 'base64url').toString('base64url') === text);
  if (found.length !== segments || !exact) throw new NotGenuine('signature', 'not a compact JOSE text');
}
