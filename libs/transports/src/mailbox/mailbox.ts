/** Pull: the delivery waits, `available`, until the recipient fetches it (GET /v1/mailbox) or its life ends. */
import type { Transport } from '#core';

export class Mailbox implements Transport {
  readonly name = 'mailbox';

  async send(): Promise<undefined> {
    return undefined;
  }
}
