import { BrokerError, type ContentTools } from '#core';
import { asTransaction, supportBundle, writeCda } from '#documents';

/** What flows may use of the libraries. */
export const contentTools: ContentTools = {
  poolOf: () => {
    throw new BrokerError('configuration.invalid');
  },
  suppress: () => {
    throw new BrokerError('configuration.invalid');
  },
  cda: writeCda,
  supportInFhir: (summary, origin) =>
    Buffer.from(JSON.stringify(asTransaction(supportBundle(summary, origin)))),
};
