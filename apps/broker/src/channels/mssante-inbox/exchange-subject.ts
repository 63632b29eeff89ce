/** Who an exchange is about, as the service that opened it asked: for a comparison, and for nothing else. */
import { asBrokerError, BrokerError, type Exchange, parseJson, type Stages } from '#core';
import type { Subject } from './patient-check.ts';

type Ports = Pick<Stages, 'records' | 'vault' | 'flows' | 'identity'>;

/** @returns undefined when that is not known here any more. @throws BrokerError `insi.unavailable` */
export async function subjectOf(
  ports: Ports,
  exchange: Exchange,
  signal: AbortSignal,
): Promise<Subject | undefined> {
  const question = await ports.records.message(exchange.requestId);
  if (question === undefined) return undefined;
  const bytes = await requestBytes(ports, exchange);
  if (bytes === undefined) return undefined;
  const hooks = ports.flows.of(question.flow, question.type)?.flow.hooks[question.object];
  const content = { mediaType: 'application/json', bytes, json: parseJson(bytes) };
  const asked = hooks?.identity?.(content, question.sender, question.recipients);
  if (asked === undefined) return undefined;
  const verdict = (await ports.identity.cached(asked)) ?? (await ports.identity.verify(asked, signal));
  if (verdict.outcome === 'unavailable') throw new BrokerError('insi.unavailable');
  const qualified = verdict.status === 'QUAL' && verdict.ins !== undefined;
  const ins = qualified ? verdict.ins : asked.ins;
  return { traits: asked.traits, ...(ins === undefined ? {} : { ins }), qualified };
}

/** Of a request made for a person, its worker; of any other, its original while Relais can still read it. */
async function requestBytes(
  { records, vault }: Ports,
  { groupId, requestId }: Exchange,
): Promise<Uint8Array | undefined> {
  if (groupId !== undefined) {
    const worker = (await records.dmstRequest(groupId))?.worker;
    if (worker === undefined || worker.bytes.length === 0) return undefined;
    return readable(() =>
      vault.open({ atRest: worker.atRest, chunks: [worker.bytes] }, `dmst-request/${groupId}`),
    );
  }
  const stored = await records.payload(requestId);
  return stored === undefined ? undefined : readable(() => vault.open(stored, requestId));
}

function readable(open: () => Uint8Array): Uint8Array | undefined {
  try {
    return open();
  } catch (error) {
    // its key is destroyed: Relais no longer knows
    if (asBrokerError(error).code === 'message.resend-needed') return undefined;
    throw error;
  }
}
