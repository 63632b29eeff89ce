/** Message-ID of what Relais sends is `<delivery@domain of the mailbox>`: what comes back names the delivery by it. */
import { domainOf } from '../discovery.ts';

const OURS = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@(.+)$/;

/** @param id without its brackets. @returns undefined when no mailbox of that domain made it */
export function deliveryOf(id: string, address: string): string | undefined {
  const [, delivery, domain] = OURS.exec(id) ?? [];
  return domain?.toLowerCase() === domainOf(address) ? delivery : undefined;
}
