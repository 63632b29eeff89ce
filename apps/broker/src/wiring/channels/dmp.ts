import type { ChannelWiring } from './wiring.ts';

export const DMP: ChannelWiring = { providers: [], transports: [], readers: [] };
