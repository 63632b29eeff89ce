import type { Writable } from 'node:stream';
import type { Configuration } from '../../broker/src/config/environment.ts';

/** What a command knows of where it runs. */
export interface Cli {
  out(line: string): void;
  err(line: string): void;
  now(): Date;
  /** 0 unless a command says otherwise */
  exitCode: number;
  /** settings of the environment and `--home`; production as if RELAIS_ENVIRONMENT said so */
  configuration(asProduction?: boolean): Promise<Configuration>;
  /** ends what would go on for ever; default: SIGINT or SIGTERM */
  stop?: AbortSignal;
  /** where what is too long for lines goes, as fast as it is read; default: standard output */
  stdout?: Writable;
}
