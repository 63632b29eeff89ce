/** THE wiring, with the folder wiring/: the one place that names an implementation for each port. */
import { type DynamicModule, Module } from '@nestjs/common';
import type { Clock } from '#core';
import type { Configuration } from './config/environment.ts';
import { readOpenidRegistrations } from './config/openid-file.ts';
import { controllers } from './controllers.ts';
import type { Log } from './engine/log.ts';
import { ownSpace } from './own-space/providers.ts';
import { personProviders } from './persons/providers.ts';
import { CLOCK, CONFIGURATION, LOG } from './tokens.ts';
import { channels } from './wiring/channels/index.ts';
import { foundations } from './wiring/foundations.ts';
import { incoming } from './wiring/incoming.ts';
import { keys } from './wiring/keys.ts';
import { observation } from './wiring/observation.ts';
import { edge, services } from './wiring/services.ts';
import { stages } from './wiring/stages.ts';

@Module({})
export class BrokerModule {}

export function brokerModule(configuration: Configuration, log: Log, clock: Clock): DynamicModule {
  return {
    module: BrokerModule,
    controllers: [...controllers],
    providers: [
      { provide: CONFIGURATION, useValue: configuration },
      { provide: LOG, useValue: log },
      { provide: CLOCK, useValue: clock },
      ...foundations,
      ...keys,
      ...observation,
      ...channels,
      ...stages,
      ...services,
      ...ownSpace,
      ...incoming,
      ...personProviders(readOpenidRegistrations(configuration.openid.registrations)),
      ...edge,
    ],
  };
}
