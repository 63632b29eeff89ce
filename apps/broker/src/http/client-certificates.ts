/** Client certificates: checked by TLS at the handshake, and again at each request (a session may outlive a revocation). */
import { createHash, type KeyObject, type X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { BrokerError, type Clock, type Directory, type ErrorCode, type Partner, type PartnerId } from '#core';
import { clientIdentity, type TrustStore } from '#protection';

/** What OpenSSL says of a client certificate that it refuses, as the code that is journalled. */
const HANDSHAKE_CODES: Record<string, ErrorCode> = {
  CERT_HAS_EXPIRED: 'client.expired',
  CERT_NOT_YET_VALID: 'client.expired',
  CERT_REVOKED: 'client.revoked',
  INVALID_PURPOSE: 'client.wrong-purpose',
};

export class ClientCertificates {
  /** what each connection showed: once it is cut, the socket no longer tells */
  readonly #shown = new WeakMap<TLSSocket, X509Certificate>();
  readonly #until = new Map<PartnerId, Date>();

  constructor(
    private readonly trust: TrustStore,
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  /** At the handshake. */
  remember(socket: TLSSocket): void {
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) return;
    this.#shown.set(socket, certificate);
    // a handshake never fails here: an empty name, which Node may give as undefined, names nobody
    const partner = certificate.subject ? this.#find(certificate) : undefined;
    if (partner !== undefined) this.#until.set(partner.id, certificate.validToDate);
  }

  /** Until when the certificate that each partner showed last is good; nobody tells before it has connected. */
  get shownUntil(): ReadonlyMap<PartnerId, Date> {
    return this.#until;
  }

  /** @throws BrokerError `client.*` */
  partnerOf(socket: TLSSocket): Partner {
    const certificate = this.shownBy(socket);
    const fault = this.trust.fault(certificate, 'client', this.clock.now());
    if (fault !== undefined) throw new BrokerError(faultCode(fault));
    return this.#named(certificate);
  }

  /** RFC 8705 `x5t#S256` of what that connection showed: base64url SHA-256 of the DER. @throws BrokerError `client.*` */
  thumbprintOf(socket: TLSSocket): string {
    return createHash('sha256').update(this.shownBy(socket).raw).digest('base64url');
  }

  /** Public key of what that connection showed. @throws BrokerError `client.*` */
  keyOf(socket: TLSSocket): KeyObject {
    return this.shownBy(socket).publicKey;
  }

  /** Judged by nobody yet but TLS. @throws BrokerError `client.unauthenticated` */
  shownBy(socket: TLSSocket): X509Certificate {
    const certificate = this.#shown.get(socket) ?? socket.getPeerX509Certificate?.();
    if (certificate === undefined) throw new BrokerError('client.unauthenticated');
    return certificate;
  }

  #named(certificate: X509Certificate): Partner {
    const partner = this.#find(certificate);
    if (partner === undefined) {
      throw new BrokerError('client.unauthenticated', {
        detail: 'Ce certificat n’est celui d’aucun partenaire enregistré.',
      });
    }
    return partner;
  }

  #find(certificate: X509Certificate): Partner | undefined {
    const { issuer, subject } = clientIdentity(certificate);
    return this.directory.all().find(({ client }) => client?.issuer === issuer && client.subject === subject);
  }
}

/**
 * Why a handshake failed: `reason` is what OpenSSL says of the certificate, null when it never came to one (none shown,
 * an old protocol, no suite in common, no TLS at all).
 */
export function handshakeCode(reason: string | null): ErrorCode {
  return reason === null ? 'client.unauthenticated' : (HANDSHAKE_CODES[reason] ?? 'client.foreign');
}

function faultCode(fault: string): ErrorCode {
  if (fault === 'expired') return 'client.expired';
  if (fault === 'revoked') return 'client.revoked';
  return fault === 'wrong-purpose' ? 'client.wrong-purpose' : 'client.foreign';
}
