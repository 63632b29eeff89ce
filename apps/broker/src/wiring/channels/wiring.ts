import type { InjectionToken, Provider } from '@nestjs/common';

/** What one channel adds to the broker. */
export interface ChannelWiring {
  providers: readonly Provider[];
  /** tokens of its transports; one that gives undefined is not there on this installation */
  transports: readonly InjectionToken[];
  /** tokens of its readers, undefined likewise */
  readers: readonly InjectionToken[];
}
