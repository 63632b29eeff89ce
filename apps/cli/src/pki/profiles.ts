import 'reflect-metadata';
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
} from '@peculiar/x509';

/** What a certificate is for. One certificate, one purpose: each is refused where another is expected. */
export type Profile = 'client' | 'server' | 'encryption' | 'seal';

export function profileExtensions(profile: Profile, hosts?: readonly string[]): Extension[] {
  switch (profile) {
    case 'client':
      return [
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
      ];
    case 'server':
      return [
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(
          hosts?.map((value) => ({ type: 'dns' as const, value })) ?? [
            { type: 'dns', value: 'localhost' },
            { type: 'ip', value: '127.0.0.1' },
            { type: 'ip', value: '::1' },
          ],
        ),
      ];
    case 'seal':
      return [new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation, true)];
    case 'encryption':
      return [new KeyUsagesExtension(KeyUsageFlags.keyEncipherment, true)];
  }
}
