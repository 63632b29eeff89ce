/** Something that comes by a channel which Relais itself must look at: a mailbox, a folder of acknowledgements. */
export interface ChannelReader {
  readonly name: string;
  /** ms from the end of one look to the beginning of the next */
  readonly everyMs: number;
  /** One look. What fails is logged and looked at again. */
  look(signal: AbortSignal): Promise<void>;
  /** connections held between two looks */
  close?(): Promise<void>;
}
