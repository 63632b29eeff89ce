import { BrokerError, type ContentTools } from '#core';

/** What flows may use of the libraries. */
export const contentTools: ContentTools = {
  poolOf: () => {
    throw new BrokerError('configuration.invalid');
  },
  suppress: () => {
    throw new BrokerError('configuration.invalid');
  },
};
