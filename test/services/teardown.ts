import { endSharedServers } from './shared-server.ts';

/** Vitest calls it when the run is over. */
export async function teardown(): Promise<void> {
  await endSharedServers();
}
