import type { Configuration } from './config/environment.ts';
import { createLog } from './engine/log.ts';
import { startBroker } from './start.ts';

/** A terminal and a wrapper may both pass one signal on: what comes so soon is the same wish. */
const SAME_WISH_MS = 1_000;
/** of a program that a signal ended */
const CUT = 130;

/**
 * A broker in this process: says where it listens, and ends on SIGTERM or SIGINT once what is under way is done, or its
 * time is over. A second signal ends it now.
 * @returns the exit code, once it has stopped
 */
export async function runBroker(configuration: Configuration): Promise<number> {
  const log = createLog(configuration.logLevel);
  const broker = await startBroker(configuration, log);
  const wishes = stopWishes();
  log.info({ ports: broker.ports, home: configuration.home }, 'relais is ready');
  process.on('SIGHUP', () => {
    broker.reload().then(
      () => log.info('keys and certificates read again'),
      (error: unknown) => log.error({ err: error }, 'keys or certificates not read again'),
    );
  });
  log.info({ signal: await wishes.first }, 'relais is stopping');
  const stopped = broker.stop().then(
    () => 0,
    (error: unknown) => {
      log.fatal({ err: error }, 'relais did not stop cleanly');
      return 1;
    },
  );
  // nothing that was answered is lost by that: it is on disk
  const cut = wishes.second.then((signal) => {
    log.warn({ signal }, 'relais ends now');
    return CUT;
  });
  return Promise.race([stopped, cut]);
}

/** The listeners stay: a signal nobody listens to would kill. */
function stopWishes(): { first: Promise<string>; second: Promise<string> } {
  const first = Promise.withResolvers<string>();
  const second = Promise.withResolvers<string>();
  let since: number | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      first.resolve(signal);
      since ??= performance.now();
      if (performance.now() - since > SAME_WISH_MS) second.resolve(signal);
    });
  return { first: first.promise, second: second.promise };
}
