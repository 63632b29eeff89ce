/** PDSm's transport with its real parts against a document server on loopback. */
import type { Parcel, Sent } from '#core';
import { MandateAgents, Mhd } from '#transports';
import { contentTools } from '../../apps/broker/src/engine/content-tools.ts';
import { type Pdsm, startPdsm } from '../../apps/simulators/src/pdsm/index.ts';
import { CDA_WHOLE } from '../../libs/documents/fixtures/cda.ts';
import type { DmpWire } from './dmp-wire.ts';

const { replaces: _, ...FIRST_VERSION } = CDA_WHOLE;
const LIFE = { from: '2026-01-01T00:00:00.000Z', to: '2036-01-01T00:00:00.000Z' };

export interface MhdWire {
  pdsm: Pdsm;
  publish(transaction: 'ITI-65' | 'ITI-105', id: string, attempt?: number): Promise<Sent>;
  close(): Promise<void>;
}

/** @param wire lends its PKI and its documents */
export async function anMhdWire(wire: DmpWire): Promise<MhdWire> {
  const { certificate: cert, key } = wire.pair(wire.paths.insi.server('dmp'));
  const pdsm = await startPdsm({ tls: { cert, key, ca: wire.ca } });
  const agents = new MandateAgents({
    ca: wire.ca,
    fault: () => undefined,
    connectTimeoutMs: 5_000,
    maxResponseSize: 1 << 20,
  });
  const mhd = new Mhd({
    clock: { now: () => new Date() },
    documents: wire.documents,
    agents,
    fault: () => undefined,
    sourceId: '2.25.77',
  });
  return {
    pdsm,
    publish(transaction, id, attempt = 1) {
      const content = contentTools.cda({ ...FIRST_VERSION, id }, Buffer.from('%PDF-1.4 fictif'));
      const parcel = {
        delivery: { id, createdAt: '2026-05-12T10:05:00.000Z' },
        sender: { mandate: { dmp: { ...wire.pair(wire.paths.insi.mandate('spsti-a').dmp), ...LIFE } } },
        recipient: { channels: { mhd: { endpoint: pdsm.endpoint, transaction } } },
        attempt,
        parts: [{}],
        openPart: () => ({ mediaType: 'application/xml', content }),
      };
      return mhd.send(parcel as unknown as Parcel, new AbortController().signal);
    },
    close: async () => {
      await mhd.close();
      await pdsm.close();
    },
  };
}
