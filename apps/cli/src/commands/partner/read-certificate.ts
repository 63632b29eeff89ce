import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BrokerError } from '#core';
import type { Purpose, TrustStore } from '#protection';
import { FAULT_WORDS } from '../../trust.ts';

/**
 * The first certificate of a PEM file, judged as the broker will judge it.
 * @throws BrokerError `configuration.invalid` when it is none, or could not be used now
 */
export function readCertificate(
  file: string,
  purpose: Purpose,
  { trust, now }: { trust: TrustStore; now: Date },
): X509Certificate {
  const certificate = parsed(file);
  const fault = trust.fault(certificate, purpose, now);
  if (fault !== undefined)
    throw invalid(`${file} : ce certificat ne peut pas servir (${FAULT_WORDS[fault]})`);
  return certificate;
}

function parsed(file: string): X509Certificate {
  const text = readFileSync(file, 'utf8');
  try {
    return new X509Certificate(text);
  } catch {
    throw invalid(`${file} : ce n’est pas un certificat PEM`);
  }
}

const invalid = (detail: string) => new BrokerError('configuration.invalid', { detail });
