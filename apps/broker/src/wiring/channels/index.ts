/** The channels of French health exchanges: what each adds, one file a channel. */
import type { Provider } from '@nestjs/common';
import type { Clock, Transport } from '#core';
import type { Store } from '#storage';
import type { ChannelReader } from '../../channels/reader.ts';
import { Readers } from '../../channels/readers.ts';
import type { Log } from '../../engine/log.ts';
import { CHANNEL_TRANSPORTS_HERE, CLOCK, LOG, STORE } from '../../tokens.ts';
import { DIRECTORY as DIRECTORY_CHANNEL } from './directory.ts';
import { DMP } from './dmp.ts';
import { DOCUMENTS } from './documents.ts';
import { INTEROPS } from './interops.ts';
import { MSSANTE } from './mssante.ts';
import { MSSANTE_INBOX } from './mssante-inbox.ts';
import { PSC } from './psc.ts';
import { SFTP } from './sftp.ts';
import { tools } from './tools.ts';

const ALL = [DOCUMENTS, MSSANTE, MSSANTE_INBOX, DMP, INTEROPS, SFTP, PSC, DIRECTORY_CHANNEL];

export const channels: Provider[] = [
  ...tools,
  ...ALL.flatMap(({ providers }) => providers),
  {
    provide: CHANNEL_TRANSPORTS_HERE,
    inject: ALL.flatMap(({ transports }) => transports),
    useFactory: (...transports: (Transport | undefined)[]) => transports.filter((one) => one !== undefined),
  },
  {
    provide: Readers,
    inject: [STORE, CLOCK, LOG, ...ALL.flatMap(({ readers }) => readers)],
    useFactory: (store: Store, clock: Clock, log: Log, ...readers: (ChannelReader | undefined)[]) =>
      new Readers(
        readers.filter((one) => one !== undefined),
        store.unitOfWork,
        clock,
        log,
      ),
  },
];
