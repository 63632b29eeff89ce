import { createHash } from 'node:crypto';
import ssh2 from 'ssh2';
import { BrokerError } from '#core';

/** As `ssh-keygen -l` shows it, without `SHA256:`. */
export function fingerprint(hostKey: Uint8Array): string {
  return createHash('sha256').update(hostKey).digest('base64').replace(/=+$/, '');
}

/**
 * Relais' own key for a server. ssh2 would sign by SHA-1 for a server that does not say what it can: this one never does.
 * @throws BrokerError `configuration.invalid`
 */
export function ownKey(pem: string): ssh2.ParsedKey {
  const parsed = ssh2.utils.parseKey(pem);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key === undefined || key instanceof Error || !key.isPrivateKey())
    throw new BrokerError('configuration.invalid', { cause: key });
  const sign = key.sign.bind(key);
  return Object.assign(key, {
    sign: (data: Buffer, algorithm?: string) =>
      key.type === 'ssh-rsa' && !/^sha(256|512)$/.test(algorithm ?? '')
        ? new TypeError('no signature by SHA-1')
        : sign(data, algorithm),
  });
}
