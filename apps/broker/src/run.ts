import type { Configuration } from './config/environment.ts';
import { createLog } from './engine/log.ts';
import { startBroker } from './start.ts';

/**
 * A broker in this process: says where it listens, and ends on SIGTERM or SIGINT once what is under way is done.
 * @returns the exit code, once it has stopped
 */
export async function runBroker(configuration: Configuration): Promise<number> {
  const log = createLog(configuration.logLevel);
  const broker = await startBroker(configuration, log);
  log.info({ ports: broker.ports, home: configuration.home }, 'relais is ready');
  process.on('SIGHUP', () => {
    broker.reload().then(
      () => log.info('keys and certificates read again'),
      (error: unknown) => log.error({ err: error }, 'keys or certificates not read again'),
    );
  });
  log.info({ signal: await askedToStop() }, 'relais is stopping');
  try {
    await broker.stop();
    return 0;
  } catch (error) {
    log.fatal({ err: error }, 'relais did not stop cleanly');
    return 1;
  }
}

/** The listeners stay: a terminal and a wrapper may both pass the signal on, and the second must not kill. */
function askedToStop(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(signal));
  });
}
