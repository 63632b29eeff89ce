import { BrokerError } from '#core';
import { readConfiguration } from './config/environment.ts';
import { createLog } from './engine/log.ts';
import { startBroker } from './start.ts';

/** Starts the broker, says where it listens, and ends on SIGTERM or SIGINT once what is under way is done. */
async function main(): Promise<void> {
  const configuration = readConfiguration();
  const log = createLog(configuration.logLevel);
  const broker = await startBroker(configuration, log);
  log.info({ ports: broker.ports, home: configuration.home }, 'relais is ready');
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'relais is stopping');
    broker.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, 'relais did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
}

main().catch((error: unknown) => {
  // the list of what is wrong with the configuration is for the operator's eyes, and holds no value
  const text =
    error instanceof BrokerError ? (error.detail ?? error.code) : String((error as Error).stack ?? error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
