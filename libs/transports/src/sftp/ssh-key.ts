import { createHash, createPrivateKey } from 'node:crypto';
import ssh2 from 'ssh2';
import { BrokerError } from '#core';

/** As `ssh-keygen -l` shows it, without `SHA256:`. */
export function fingerprint(hostKey: Uint8Array): string {
  return createHash('sha256').update(hostKey).digest('base64').replace(/=+$/, '');
}

/** Whether a connection could be opened by it: OpenSSH's own form, PKCS#1, SEC1; PKCS#8 of RSA and of curves of NIST. */
export function isSshKey(pem: string): boolean {
  return read(pem) !== undefined;
}

/**
 * Relais' own key for a server. ssh2 would sign by SHA-1 for a server that does not say what it can: this one never does.
 * @throws BrokerError `configuration.invalid`
 */
export function ownKey(pem: string): ssh2.ParsedKey {
  const key = read(pem);
  if (key === undefined) throw new BrokerError('configuration.invalid');
  const sign = key.sign.bind(key);
  return Object.assign(key, {
    sign: (data: Buffer, algorithm?: string) =>
      key.type === 'ssh-rsa' && !/^sha(256|512)$/.test(algorithm ?? '')
        ? new TypeError('no signature by SHA-1')
        : sign(data, algorithm),
  });
}

function read(pem: string): ssh2.ParsedKey | undefined {
  const parsed = ssh2.utils.parseKey(pem.includes('BEGIN PRIVATE KEY') ? traditional(pem) : pem);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  return key instanceof Error || key?.isPrivateKey() !== true ? undefined : key;
}

/** ssh2 does not read PKCS#8. */
function traditional(pem: string): string {
  try {
    const key = createPrivateKey(pem);
    const type = key.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'sec1';
    return key.export({ type, format: 'pem' }).toString();
  } catch {
    return pem;
  }
}
