import { BrokerError, type Clock, type Content, type checkFlow, type Partner } from '#core';
import type { Tools } from './tools.ts';

export type NamedFlow = ReturnType<typeof checkFlow>;

/** A valid sample of an object that this partner receives. */
export interface ReceivedSample {
  named: NamedFlow;
  /** file name in the contract's folder */
  file: string;
  content: Content;
  /** who is said to have sent it */
  sender: string;
}

/** Who speaks where no partner may, and where none of this installation may. */
const RELAIS = 'relais';
const NOBODY = 'relais-epreuve';

/**
 * Everything that the contracts let somebody else send to this partner, in the order of the contracts.
 * @throws BrokerError `flow.unknown`
 */
export async function samplesReceivedBy(
  partner: Partner,
  flow: string | undefined,
  { flows, directory, clock }: Pick<Tools, 'flows' | 'directory' | 'clock'>,
): Promise<ReceivedSample[]> {
  if (flow !== undefined && flows.of(flow) === undefined) throw new BrokerError('flow.unknown');
  const asked = flows.all().filter((one) => flow === undefined || one.flow.contract.flow === flow);
  const found = await Promise.all(
    asked.map(async (inForce) => {
      const { contract } = inForce.flow;
      const samples = await flows.samples(contract);
      return Object.entries(samples).flatMap(([file, json]): ReceivedSample[] => {
        const object = file.split('.')[0] as string;
        const terms = contract.objects[object];
        if (terms === undefined || !receives(partner, terms.recipients)) return [];
        const { senders } = terms;
        const known = directory.all().find(({ id, kind }) => id !== partner.id && senders.includes(kind));
        const named = { inForce, flow: contract.flow, object, contract: terms };
        const content = contentOf(json, terms);
        if (!accepts(named, content, partner, clock)) return [];
        const sender = known?.id ?? (senders.length === 0 ? RELAIS : NOBODY);
        return [{ named, file, content, sender }];
      });
    }),
  );
  return found.flat();
}

function receives(partner: Partner, { kinds, fixed }: NamedFlow['contract']['recipients']): boolean {
  return fixed === undefined ? kinds.includes(partner.kind) : fixed === partner.id;
}

/** A sample in NDJSON is its text. */
function contentOf(sample: unknown, { mediaTypes }: NamedFlow['contract']): Content {
  if (typeof sample === 'string') return { mediaType: 'application/x-ndjson', bytes: Buffer.from(sample) };
  const bytes = Buffer.from(JSON.stringify(sample));
  const mediaType = mediaTypes[0] ?? 'application/json';
  return mediaTypes.includes('application/json')
    ? { mediaType: 'application/json', bytes, json: sample }
    : { mediaType, bytes };
}

/** A content may say by itself to which of several recipients it belongs. */
function accepts({ inForce, object }: NamedFlow, content: Content, { id }: Partner, clock: Clock): boolean {
  const check = inForce.flow.hooks[object]?.check;
  const { campaign } = inForce.flow.contract;
  const now = campaign?.opensAt ?? clock.now().toISOString();
  const found = (recipients: string[]) =>
    check?.(content, { now, recipients, ...(campaign === undefined ? {} : { campaign }) }).length ?? 0;
  return content.json === undefined || found([id]) === found([]);
}
