/** `relais bench --bulk-gb N`: bulk lines end to end, and the most memory that the broker's process was seen to hold. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBrokerProcess } from '../demo/broker-process.ts';
import { openDemoHome, writeAgreements } from '../demo/demo-home.ts';
import { freePort } from '../demo/free-port.ts';
import { bulkLoad } from './bulk-load.ts';

/** What a bulk flow may make of the broker: the bound. */
const LIMIT_MB = 300;
const MB = 1_000_000;

export interface BulkBenchOptions {
  gigabytes: number;
  print: (text: string) => void;
}

/** @returns 0 when everything came back intact and no sample was over the limit */
export async function runBulkBench({ gigabytes, print }: BulkBenchOptions): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), 'relais-bulk-'));
  try {
    const demo = await openDemoHome(home, { partners: ['spsti-a', 'hdh'] });
    writeAgreements(demo, {});
    const ports = { partners: await freePort(), people: await freePort(), health: await freePort() };
    const broker = await startBrokerProcess(
      {
        RELAIS_HOME: home,
        RELAIS_PARTNERS_PORT: String(ports.partners),
        RELAIS_PEOPLE_PORT: String(ports.people),
        RELAIS_HEALTH_PORT: String(ports.health),
        RELAIS_RATE_PER_MINUTE: '1000000',
        RELAIS_LOG_LEVEL: 'error',
      },
      ports.health,
      join(home, 'broker.log'),
    );
    try {
      const relaisUrl = `https://localhost:${ports.partners}`;
      const load = await bulkLoad({ demo, relaisUrl, pid: broker.pid, bytes: gigabytes * 1000 * MB });
      const { sendSeconds, prepareSeconds, readSeconds, memory, bulk, parts } = load;
      const rate = (seconds: number) =>
        `${seconds.toFixed(1)} s, ${(load.bytes / MB / seconds).toFixed(0)} Mo/s`;
      const { samples } = memory;
      const mean = samples.reduce((sum, bytes) => sum + bytes, 0) / samples.length;
      print(
        `${(load.bytes / MB).toFixed(0)} Mo de NDJSON, ${bulk.lines} lignes, ${bulk.refused} refusées, ${parts} parties`,
      );
      print(`reçues, vérifiées, sur disque   ${rate(sendSeconds)}`);
      print(`scellées pour le destinataire   ${rate(prepareSeconds)}`);
      print(`retirées, déchiffrées, relues   ${rate(readSeconds)}`);
      print(`de bout en bout                 ${rate(sendSeconds + prepareSeconds + readSeconds)}`);
      print(
        `mémoire du courtier (RSS)       ${(mean / MB).toFixed(0)} Mo en moyenne, ${(memory.peak() / MB).toFixed(0)} Mo au plus, ${samples.length} mesures`,
      );
      print(load.intact ? 'relu identique, octet pour octet' : 'RELU DIFFÉRENT');
      return load.intact && memory.peak() < LIMIT_MB * MB ? 0 : 1;
    } finally {
      await broker.stop();
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
