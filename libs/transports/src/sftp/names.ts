/** Names of files in a partner's folders: ids only, never who or what it is about. */

/** What is complete has its manifest; it is put last. */
export const manifestName = (deliveryId: string): string => `${deliveryId}.manifest.jws`;
/** attributes of the CloudEvent, JSON */
export const eventName = (deliveryId: string): string => `${deliveryId}.event.json`;
/** part `n` as it was sealed, counted from 1 */
export const partName = (deliveryId: string, n: number): string => `${deliveryId}.${n}.jwe`;

/** what is being read has this behind its name */
const READING = '.reading';
const ACKNOWLEDGEMENT = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.ack\.json$/;

/** An acknowledgement in a partner's folder. */
export interface AcknowledgementFile {
  /** as the partner wrote it */
  name: string;
  /** named by the file; what it holds must name it too */
  deliveryId: string;
  /** taken by a look that did not end */
  begun: boolean;
}

/** undefined for any other name, were it a path. */
export function acknowledgementOf(found: string): AcknowledgementFile | undefined {
  const begun = found.endsWith(READING);
  const name = begun ? found.slice(0, -READING.length) : found;
  const deliveryId = ACKNOWLEDGEMENT.exec(name)?.[1];
  return deliveryId === undefined ? undefined : { name, deliveryId, begun };
}

export const whileRead = ({ name }: AcknowledgementFile): string => `${name}${READING}`;
