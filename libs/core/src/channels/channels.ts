/** The channels of French health exchanges, as a partner's agreement opens them. Each has its own file. */
import type { DmpChannel, MhdChannel } from './dmp.ts';
import type { InteropsChannel } from './interops.ts';
import type { MssanteChannel } from './mssante.ts';
import type { SftpChannel } from './sftp.ts';

/** What each channel must know of the partner at its end. */
export interface ChannelSettings {
  /** secure health mail */
  mssante: MssanteChannel;
  /** the DMP's ITI-41 */
  'xds-b': DmpChannel;
  /** PDSm: MHD over FHIR */
  mhd: MhdChannel;
  /** INTEROPS-A: SOAP with an identification vector */
  'interops-soap': InteropsChannel;
  /** sealed files in a folder */
  sftp: SftpChannel;
}

export type ChannelName = keyof ChannelSettings;

export const CHANNELS = [
  'mssante',
  'xds-b',
  'mhd',
  'interops-soap',
  'sftp',
] as const satisfies readonly ChannelName[];

export type PartnerChannels = { [C in ChannelName]?: ChannelSettings[C] };
