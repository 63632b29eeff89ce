import type { ChannelWiring } from './wiring.ts';

export const DIRECTORY: ChannelWiring = { providers: [], transports: [], readers: [] };
