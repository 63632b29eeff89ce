import type { ChannelWiring } from './wiring.ts';

export const MSSANTE: ChannelWiring = { providers: [], transports: [], readers: [] };
