/**
 * PDSm (French MHD): a document pushed as ITI-65 or ITI-105 over the mutual TLS of the sender's own mandate. A repeat
 * first looks the document up (ITI-67): a lost answer never makes two of one.
 */
import { Client, type FhirResource } from 'fhir-kit-client';
import { type Agent, Dispatcher1Wrapper } from 'undici';
import {
  BrokerError,
  type ClinicalDocuments,
  type Clock,
  type MhdChannel,
  type Parcel,
  type ReadCda,
  type Sent,
  type Submission,
  type Transport,
} from '#core';
import { CDA_CODES } from '#core/cda-codes';
import { createdBy, isAnswer, refusalOf } from '../fhir-rest/answers.ts';
import type { MandateAgents } from '../http/mandate-agents.ts';
import { type CertificateJudge, usable } from '../http/usable-mandate.ts';
import { documentReference, subjectOf } from './document-reference.ts';
import { acknowledgementCodes } from './outcome.ts';
import { bundleFaults, publishFaults } from './pdsm-checks.ts';
import { provideBundle, simplifiedPublish } from './provide-bundle.ts';
import { findDocuments } from './read-back.ts';
import { asUrn } from './systems.ts';

export interface MhdOptions {
  clock: Clock;
  documents: Pick<ClinicalDocuments, 'readCda' | 'submission'>;
  agents: MandateAgents;
  /** judges the certificates of mandates at each use */
  fault: CertificateJudge;
  /** UUID or OID of this installation: sourceId */
  sourceId: string;
}

interface Lot {
  submission: Submission;
  entry: Submission['documents'][number];
  header: ReadCda;
}

export class Mhd implements Transport {
  readonly name = 'mhd';

  constructor(private readonly options: MhdOptions) {}

  async send(parcel: Parcel, signal: AbortSignal): Promise<Sent> {
    const { agents, clock, fault } = this.options;
    const { recipient, sender, attempt } = parcel;
    const channel = recipient.channels?.mhd;
    if (channel === undefined || !channel.endpoint.startsWith('https://'))
      throw new BrokerError('configuration.invalid');
    const lot = this.#lot(parcel);
    const mandate = usable(sender?.mandate?.dmp, 'client', { now: clock.now(), fault });
    const client = clientOf(channel.endpoint, agents.for(mandate));
    try {
      if (attempt > 1 && (await isThere(client, lot, signal))) return this.#kept(lot, true);
      await this.#publish(client, channel, parcel, lot, signal);
      return this.#kept(lot, false);
    } catch (error) {
      if (error instanceof BrokerError) throw error;
      if (!isAnswer(error)) throw new BrokerError('transport.unreachable', { cause: error });
      return {
        ...refusalOf(error, clock.now()),
        answer: acknowledgement({
          outcome: 'refused',
          items: acknowledgementCodes(error.response.data).map((code) => ({ code })),
        }),
      };
    }
  }

  async close(): Promise<void> {
    await this.options.agents.close();
  }

  #lot({ delivery, parts, openPart }: Parcel): Lot {
    if (parts.length === 0) throw new BrokerError('message.resend-needed', { next: 'stop' });
    const { documents, sourceId } = this.options;
    const opened = parts.map((part) => openPart(part));
    // this recipient takes nothing else: its agreement does not fit the flow
    if (opened.some(({ mediaType }) => mediaType !== 'application/xml'))
      throw new BrokerError('configuration.invalid');
    const cda = Buffer.concat(opened.map(({ content }) => content));
    const submission = documents.submission({
      documents: [cda],
      id: delivery.id,
      sourceId,
      at: delivery.createdAt,
      contentType: CDA_CODES.activities.ambulatory,
    });
    const [entry] = submission.documents;
    if (entry === undefined) throw new BrokerError('configuration.invalid');
    return { submission, entry, header: documents.readCda(cda) };
  }

  async #publish(
    client: Client,
    { transaction }: MhdChannel,
    { delivery }: Parcel,
    { submission, entry, header }: Lot,
    signal: AbortSignal,
  ): Promise<void> {
    const document = documentReference({ header, entry });
    const options = { signal };
    if (transaction === 'ITI-65') {
      const { uniqueId } = submission;
      const { sourceId } = this.options;
      const set = { uniqueId, sourceId, at: delivery.createdAt, title: header.title };
      const bundle = provideBundle(set, document, entry);
      refuse(bundleFaults(bundle));
      const answer = await client.transaction({ body: bundle as FhirResource & typeof bundle, options });
      createdBy(answer, bundle.entry?.length ?? 0);
      return;
    }
    const published = simplifiedPublish(document, entry);
    refuse(publishFaults(published));
    const answer = await client.create({
      resourceType: 'DocumentReference',
      body: published as FhirResource & typeof published,
      options,
    });
    const { response } = Client.httpFor(answer) as { response?: { status?: number } };
    if (response?.status !== 201) throw new BrokerError('transport.bad-answer', { next: 'stop' });
  }

  #kept({ entry, header }: Lot, isRepeat: boolean): Sent {
    const at = this.options.clock.now().toISOString();
    return {
      receipt: {
        outcome: 'received',
        at,
        ...(isRepeat ? { detail: 'déjà déposé lors d’un essai précédent' } : {}),
      },
      answer: acknowledgement({
        outcome: 'accepted',
        reference: entry.uniqueId,
        items: [{ code: 'visible' }, ...(header.replaces === undefined ? [] : [{ code: 'replaced' }])],
      }),
    };
  }
}

function clientOf(baseUrl: string, agent: Agent): Client {
  // the runtime's own fetch, which the client uses, speaks the older dispatcher interface; a redirection is not followed
  return new Client({
    baseUrl,
    requestOptions: { dispatcher: new Dispatcher1Wrapper(agent), redirect: 'manual' } as Record<
      string,
      unknown
    >,
  });
}

/** Whether that very document is there: its id, its person, its bytes. */
async function isThere(client: Client, { entry, header }: Lot, signal: AbortSignal): Promise<boolean> {
  const sought = {
    patient: subjectOf(header),
    status: 'current' as const,
    identifier: asUrn(header.id.root),
  };
  const hash = Buffer.from(entry.sha1, 'hex').toString('base64');
  const found = await findDocuments(client, sought, signal);
  return found.some(({ content }) => content[0]?.attachment.hash === hash);
}

function acknowledgement(json: object): NonNullable<Sent['answer']> {
  return { object: 'acknowledgement', json };
}

/** Our own bundle breaks a rule that we name: nothing leaves. */
function refuse(faults: readonly string[]): void {
  const [first] = faults;
  if (first !== undefined)
    throw new BrokerError('content.invalid', { next: 'stop', detail: faults.join(', ') });
}
