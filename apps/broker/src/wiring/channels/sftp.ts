import type { ChannelWiring } from './wiring.ts';

export const SFTP: ChannelWiring = { providers: [], transports: [], readers: [] };
