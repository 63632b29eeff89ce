import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Every certificate of a PEM file. */
export function certificatesIn(file: string): X509Certificate[] {
  const text = readFileSync(file, 'utf8');
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

/** Its CN, else its whole name. */
export function nameOf({ subject }: X509Certificate): string {
  return /(?:^|\+ )CN=(.+)$/m.exec(subject)?.[1] ?? subject.replaceAll('\n', ', ');
}
