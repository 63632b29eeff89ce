import { createHash } from 'node:crypto';
import {
  BrokerError,
  type Clock,
  type OpenedPart,
  type Protection,
  type SealedPart,
  type SealRequest,
  type Signer,
} from '#core';
import { RecipientKeys } from '../certificates/recipient-key.ts';
import type { TrustStore } from '../certificates/trust-store.ts';
import { JWS_TYPES } from '../jws/compact-jws.ts';
import { decryptCompact, encryptCompact } from './compact-jwe.ts';
import type { EncryptionKeys } from './encryption-keys.ts';
import type { TenantKeys } from './tenant-keys.ts';

const LF = Buffer.from('\n');

/** Sign, then encrypt: JWE( JWS(claims) LF content ), interface.md §4. */
export class JweProtection implements Protection {
  private readonly recipients: RecipientKeys;

  constructor(
    private readonly signer: Signer,
    private readonly ownKeys: EncryptionKeys,
    trust: TrustStore,
    private readonly clock: Clock,
    private readonly tenants?: TenantKeys,
  ) {
    this.recipients = new RecipientKeys(trust);
  }

  /**
   * @throws BrokerError `recipient.key-invalid` when no certificate of the list may be used; `internal` when
   * `claims.digest` is not that of this part's content, or part and total do not agree
   */
  seal(request: SealRequest): SealedPart {
    const { claims, part, total, content, audience } = request;
    if (!(Number.isInteger(part) && Number.isInteger(total) && 1 <= part && part <= total))
      throw new BrokerError('internal', { detail: 'part outside 1..total' });
    if (claims.digest !== digestOf(content))
      throw new BrokerError('internal', { detail: 'digest of other content' });
    const { kid, key } =
      request.own === true
        ? this.ownKeys.newest()
        : (this.tenants?.keyFor(claims.recipient) ??
          this.recipients.choose(request.certificates, this.clock.now()));
    const inner = Buffer.from(this.signer.sign({ ...claims, part, total }, JWS_TYPES.part), 'latin1');
    const header = { kid, messageId: claims.messageId, part, total };
    const jwe = encryptCompact([inner, LF, content], header, key);
    return { n: part, audience, kid, size: jwe.length, digest: digestOf(jwe), jwe };
  }

  opens(kid: string, certificates: readonly string[], own: boolean): boolean {
    if (own) return this.ownKeys.find(kid) !== undefined;
    return this.recipients.inForce(certificates, this.clock.now()).includes(kid);
  }

  openOwn(jwe: string): Uint8Array {
    const opened = decryptCompact(jwe, (kid) => this.ownKeys.find(kid));
    if (typeof opened === 'string') throw new BrokerError(`jwe.${opened}`);
    return opened.plaintext;
  }

  openOwnPart({ jwe }: SealedPart): OpenedPart {
    const plain = this.openOwn(Buffer.from(jwe).toString('latin1'));
    const end = plain.indexOf(0x0a);
    if (end < 0) throw new BrokerError('jwe.invalid');
    // our own words, sealed by us for us: what they say was checked when they were made
    const [, claims = ''] = Buffer.from(plain.subarray(0, end)).toString('latin1').split('.');
    const { datacontenttype } = JSON.parse(
      Buffer.from(claims, 'base64url').toString(),
    ) as SealRequest['claims'];
    return { mediaType: datacontenttype, content: plain.subarray(end + 1) };
  }
}

function digestOf(bytes: Uint8Array): string {
  return `sha-256:${createHash('sha256').update(bytes).digest('hex')}`;
}
