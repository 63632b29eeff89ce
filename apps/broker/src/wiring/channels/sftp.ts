import type { Directory } from '#core';
import { SigningKeys } from '#protection';
import type { Store } from '#storage';
import { AcknowledgementFolder, SftpDeposit, SftpLines } from '#transports';
import { SftpAcknowledgements } from '../../channels/sftp-acknowledgements/sftp-acknowledgements.ts';
import type { Configuration } from '../../config/environment.ts';
import type { FlowsInForce } from '../../directory/flows-in-force.ts';
import type { Log } from '../../engine/log.ts';
import { Refusals } from '../../errors/refusals.ts';
import { Take } from '../../intake/take.ts';
import { MailboxService } from '../../mailbox/mailbox.service.ts';
import { CONFIGURATION, DIRECTORY, FLOWS, LOG, STORE } from '../../tokens.ts';
import type { ChannelWiring } from './wiring.ts';

const TIMES = { connectMs: 15_000, answerMs: 20_000 };
const IDLE_MS = 10_000;
/** of one try: it goes on from where it was cut */
const LONGEST_MS = 3_600_000;
const BOUNDS = { files: 500, names: 200_000, bytes: 5 << 20 };

export const SFTP: ChannelWiring = {
  providers: [
    { provide: SftpLines, useFactory: () => new SftpLines(TIMES, IDLE_MS) },
    {
      provide: SftpDeposit,
      inject: [SftpLines, SigningKeys],
      useFactory: (lines: SftpLines, signer: SigningKeys) =>
        new SftpDeposit({ lines, signer, attemptTimeoutMs: LONGEST_MS }),
    },
    {
      provide: SftpAcknowledgements,
      inject: [CONFIGURATION, SftpLines, STORE, FLOWS, DIRECTORY, MailboxService, Take, Refusals, LOG],
      useFactory: (
        { sftpLookSeconds }: Configuration,
        lines: SftpLines,
        { records }: Store,
        flows: FlowsInForce,
        directory: Directory,
        mailbox: MailboxService,
        take: Take,
        refusals: Refusals,
        log: Log,
      ) =>
        new SftpAcknowledgements({
          everyMs: sftpLookSeconds * 1000,
          ...{ lines, folder: new AcknowledgementFolder(lines, BOUNDS) },
          ...{ records, flows, directory, mailbox, take, refusals, log },
        }),
    },
  ],
  transports: [SftpDeposit],
  readers: [SftpAcknowledgements],
};
