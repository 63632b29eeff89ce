/** The channels of French health exchanges in the demo: one file a channel, each with its simulator. */
import type { Spsti } from '../../../../simulators/src/spsti/index.ts';
import type { DemoHome } from '../demo-home.ts';
import type { DemoChannel } from './channel.ts';
import { startDirectoryDemo } from './directory.ts';
import { type DmpHandles, startDmpChannel } from './dmp.ts';
import { type InteropsHandles, startInteropsChannel } from './interops.ts';
import { type MssanteHandles, startMssanteChannel } from './mssante.ts';
import { startSftpDemo } from './sftp.ts';

/** What stories may ask of each channel's simulator. */
export type DemoChannels = DmpHandles & MssanteHandles & InteropsHandles;

export interface StartedChannels {
  all: readonly DemoChannel[];
  /** handles for the stories */
  handles: DemoChannels;
}

/** @param softwareOfA what service A answers a mail with */
export async function startDemoChannels(
  demo: DemoHome,
  softwareOfA: Pick<Spsti, 'client'>,
): Promise<StartedChannels> {
  const dmp = await startDmpChannel(demo);
  const mssante = await startMssanteChannel(demo, softwareOfA);
  const interops = await startInteropsChannel(demo);
  const sftp = await startSftpDemo(demo);
  const directory = await startDirectoryDemo();
  return {
    all: [dmp.channel, mssante.channel, interops.channel, sftp, directory],
    handles: { ...dmp.handles, ...mssante.handles, ...interops.handles },
  };
}
