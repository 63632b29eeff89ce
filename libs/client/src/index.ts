export { eventFromAmqp, eventFromHeaders, eventFromJson, type RelaisEvent } from './cloud-event.ts';
export type { TlsFiles } from './connection.ts';
export { NotGenuine, RelaisProblem, RelaisUnreachable } from './errors.ts';
export { type Handler, Inbox, type InboxOptions, type PartsHandler } from './inbox.ts';
export { type MailboxLoopOptions, mailboxLoop } from './mailbox-loop.ts';
export {
  checkDelivery,
  type GenuineDelivery,
  type OpenedDelivery,
  type OpenedPart,
  type Opener,
  openDelivery,
} from './open-delivery.ts';
export type { Patience } from './patience.ts';
export { type PushOptions, pushReceiver } from './push-receiver.ts';
export { type Audience, type ReaderKeyFiles, ReaderKeys } from './reader-keys.ts';
export { type Accepted, digestOf, type Receipt, verifyReceipt } from './receipt.ts';
export { ReceiptStore } from './receipt-store.ts';
export { type Outcome, type ReceivedLine, ReceivedLog } from './received-log.ts';
export {
  type ClientOptions,
  type MessageToSend,
  type RefusedLine,
  RelaisClient,
  type StreamToSend,
} from './relais-client.ts';
export { TrustedKeys } from './trusted-keys.ts';
export { type Proof, verifyProof } from './verify-proof.ts';
