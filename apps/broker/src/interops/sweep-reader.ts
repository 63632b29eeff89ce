import type { ChannelReader } from '../channels/reader.ts';
import type { InteropsTraces } from './traces.ts';

/** Forgets, now and then, the vectors that no clock would take any more and the traces whose time is over. */
export class InteropsSweep implements ChannelReader {
  readonly name = 'interops-sweep';
  /** what is past does no harm while it stays, and a look at every line is not free */
  readonly everyMs = 6 * 3_600_000;

  constructor(private readonly traces: Pick<InteropsTraces, 'sweep'>) {}

  look(): Promise<void> {
    return this.traces.sweep();
  }
}
