export { readAutoconfig } from './autoconfig.ts';
export { type DiscoveryOptions, domainOf, isCertificateError, MssanteDiscovery } from './discovery.ts';
export { CIPHERS, type IgcTls, type IgcTlsOrder, type IgcTrust, igcTls } from './igc-tls.ts';
export { MailSealer, type MailSealerOptions } from './mail-sealer.ts';
export { type MailFacts, MssanteMail, type MssanteOptions, messageIdOf } from './mssante-mail.ts';
export { MailNetwork, type NetworkRules } from './network.ts';
export { type SubmissionOptions, type SubmissionOrder, submit } from './submission.ts';
