/** Documents for the DMP, sent as service a sends them and followed to the acknowledgement. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { type Answer, eventually, type TestRelais } from './relais.ts';

const SAMPLES = join(import.meta.dirname, '../../contracts/dmp-export/samples/valid');

export type DmpSample = Record<string, unknown> & {
  documentId: string;
  setId: string;
  version: number;
  consent: Record<string, unknown>;
};

export interface Followed {
  /** the message as its sender sees it at the end */
  message: Record<string, unknown>;
  exchange: Record<string, unknown>;
  acknowledgement: Record<string, unknown>;
}

/** A sample under ids of its own, with the consent that covers it. */
export function dmpDocument(name: string, changes: Partial<DmpSample> = {}): DmpSample {
  const sample = JSON.parse(readFileSync(join(SAMPLES, `document.${name}.json`), 'utf8')) as DmpSample;
  const ids = { documentId: randomUUID(), setId: randomUUID(), ...changes };
  const consent = { ...sample.consent, id: randomUUID(), documentId: ids.documentId };
  return { ...sample, ...ids, consent };
}

/** The next version of a document. */
export function nextVersion({ documentId, setId, version }: DmpSample): DmpSample {
  return dmpDocument('replaced', { setId, version: version + 1, replaces: documentId });
}

/** @param service software of the sender; absent: its acknowledgements are not awaited */
export function depositing(relais: TestRelais, service?: Spsti, sender = 'spsti-a') {
  const as = relais.as(sender);
  const post = (body: DmpSample, id: string = randomUUID()): Promise<Answer> =>
    as('/v1/messages', {
      headers: {
        'content-type': 'application/json',
        'ce-specversion': '1.0',
        'ce-id': id,
        'ce-source': `urn:relais:partner:${sender}`,
        'ce-type': 'fr.relais-st.dmp-export.document.v1',
      },
      body: JSON.stringify(body),
    });
  const message = async (id: string) => (await as(`/v1/messages/${id}`)).json;
  const exchangeOf = async (id: string) => {
    const { json } = await as('/v1/exchanges');
    return (json as unknown as Record<string, unknown>[]).find(({ requestId }) => requestId === id);
  };
  /** id of a message that was taken */
  const accepted = async (body: DmpSample): Promise<string> => {
    const { status, json } = await post(body);
    if (status !== 202) throw new Error(`${status} ${String(json['code'])}`);
    return String(json['id']);
  };
  return {
    post,
    accepted,
    message,
    document: dmpDocument,
    /** waits until the message is in that state */
    until: (id: string, status: string) =>
      eventually(async () => {
        const now = await message(id);
        return now['status'] === status && now;
      }),
    trace: async (id: string) => (await as(`/v1/messages/${id}/trace`)).json,
    /** sends, and waits for what becomes of it */
    send: async (body: DmpSample): Promise<Followed> => followed(await accepted(body)),
    followed,
  };

  async function followed(id: string): Promise<Followed> {
    const exchange = await eventually(() => exchangeOf(id));
    const answer = await eventually(async () =>
      service?.received.find(
        ({ object, correlationid }) => object === 'acknowledgement' && correlationid === exchange['id'],
      ),
    );
    const ended = await eventually(async () => {
      const now = await exchangeOf(id);
      return ['CLOSED', 'REFUSED'].includes(String(now?.['state'])) && now;
    });
    const acknowledgement = JSON.parse(readFileSync(answer.files[0] ?? '', 'utf8')) as Record<
      string,
      unknown
    >;
    return { message: await message(id), exchange: ended, acknowledgement };
  }
}
