/** The channels of French health exchanges in the demo: one file a channel, each with its simulator. */
import type { DemoHome } from '../demo-home.ts';
import type { DemoPeople } from '../people.ts';
import type { DemoChannel } from './channel.ts';

/** What stories may ask of each channel's simulator. */
// biome-ignore lint/suspicious/noEmptyInterface: each channel adds its own
export interface DemoChannels {}

export interface StartedChannels {
  all: readonly DemoChannel[];
  /** handles for the stories */
  handles: DemoChannels;
}

export async function startDemoChannels(_demo: DemoHome, _people: DemoPeople): Promise<StartedChannels> {
  return { all: [], handles: {} };
}
