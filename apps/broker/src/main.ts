import { BrokerError } from '#core';
import { readConfiguration } from './config/environment.ts';
import { runBroker } from './run.ts';

async function main(): Promise<void> {
  process.exit(await runBroker(readConfiguration()));
}

main().catch((error: unknown) => {
  // the list of what is wrong with the configuration is for the operator's eyes, and holds no value
  const text =
    error instanceof BrokerError ? (error.detail ?? error.code) : String((error as Error).stack ?? error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
