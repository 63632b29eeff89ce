import type { RelaisEvent } from './cloud-event.ts';
import { checkDelivery, type GenuineDelivery, type OpenedDelivery, type Opener } from './open-delivery.ts';
import type { Outcome, ReceivedLog } from './received-log.ts';

/**
 * What this software does with a message. Called once per message id, or once more if it was stopped between the
 * end of the work and the line in the log: make its effect depend on the message id. Nothing returned = `received`.
 */
export type Handler = (delivery: OpenedDelivery) => Promise<Outcome | undefined>;

/** The same for what may be larger than memory: given unopened, its parts are taken one after the other. */
export type PartsHandler = (delivery: GenuineDelivery) => Promise<Outcome | undefined>;

export type InboxOptions = Opener & { received: ReceivedLog } & (
    | { handler: Handler }
    | { partsHandler: PartsHandler }
  );

/** Genuine → new → handled → on disk, in that order, whichever way a delivery came. */
export class Inbox {
  private readonly underWay = new Map<string, Promise<Outcome>>();

  constructor(private readonly options: InboxOptions) {}

  /** @throws NotGenuine, or whatever the handler throws: then nothing was recorded and Relais will send it again */
  async take(event: RelaisEvent, data: Uint8Array): Promise<Outcome> {
    const delivery = await checkDelivery(event, data, this.options);
    const before = this.underWay.get(event.id);
    const known = before === undefined ? this.options.received.outcome(event.id) : await before;
    if (known !== undefined) {
      await this.record(event, known, true);
      return known;
    }
    const work = this.handle(event, delivery);
    this.underWay.set(event.id, work);
    return work.finally(() => this.underWay.delete(event.id));
  }

  private async handle(event: RelaisEvent, delivery: GenuineDelivery): Promise<Outcome> {
    const { options } = this;
    const handled =
      'partsHandler' in options ? options.partsHandler(delivery) : options.handler(await delivery.open());
    const outcome = (await handled) ?? { outcome: 'received' };
    await this.record(event, outcome, false);
    return outcome;
  }

  private record(event: RelaisEvent, outcome: Outcome, repeat: boolean): Promise<void> {
    return this.options.received.add({
      messageId: event.id,
      deliveryId: event.relaisdelivery,
      attempt: event.relaisattempt,
      at: new Date().toISOString(),
      ...outcome,
      repeat,
    });
  }
}
