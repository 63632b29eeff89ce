/** Names of files in a partner's folders: ids only, never who or what it is about. */

/** What is complete has its manifest; it is put last. */
export const manifestName = (deliveryId: string): string => `${deliveryId}.manifest.jws`;
/** attributes of the CloudEvent, JSON */
export const eventName = (deliveryId: string): string => `${deliveryId}.event.json`;
/** part `n` as it was sealed, counted from 1 */
export const partName = (deliveryId: string, n: number): string => `${deliveryId}.${n}.jwe`;

const ACKNOWLEDGEMENT = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.ack\.json$/;

/** The delivery that a file of this name speaks of; undefined for any other name, were it a path. */
export function acknowledgedBy(name: string): string | undefined {
  return ACKNOWLEDGEMENT.exec(name)?.[1];
}
