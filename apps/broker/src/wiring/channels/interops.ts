import type { ChannelWiring } from './wiring.ts';

export const INTEROPS: ChannelWiring = { providers: [], transports: [], readers: [] };
