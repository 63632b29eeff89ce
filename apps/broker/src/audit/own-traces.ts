/** Traces of INTEROPS as the auditor of one organisation reads them: those of its own exchanges, whoever is at the other end. */
import { asBrokerError, BrokerError, type Directory, type PartnerId } from '#core';
import { writeXml } from '#transports';
import { tracesTree } from '../interops/trace-xml.ts';
import type { InteropsTraces, StoredTrace } from '../interops/traces.ts';
import type { MessagesService, Trace } from '../messages/messages.service.ts';
import type { Period } from './registers.ts';

const NAMESPACES = { io: 'urn:relais:interops:1' };
/** of one answer */
const MOST = 5_000;

export class OwnTraces {
  constructor(
    private readonly traces: Pick<InteropsTraces, 'every'>,
    private readonly messages: Pick<MessagesService, 'trace'>,
    private readonly directory: Pick<Directory, 'all'>,
  ) {}

  /** XML of our own profile (interops/trace-xml.ts). */
  async xml(own: PartnerId, period: Period): Promise<string> {
    const traces = await this.#of(own, period);
    const stories: Trace[] = [];
    for (const id of new Set(traces.flatMap(({ messageId }) => messageId ?? []))) {
      const story = await this.#story(own, id);
      if (story !== undefined) stories.push(story);
    }
    return writeXml(
      tracesTree(traces, stories, { organisme: own, du: period.from, au: period.to }),
      NAMESPACES,
    );
  }

  /** Its own agreement's, and of others' the vectors that were made in its name. */
  async #of(own: PartnerId, period: Period): Promise<StoredTrace[]> {
    const peers = this.directory.all().filter(({ channels }) => channels?.['interops-soap'] !== undefined);
    const all: StoredTrace[] = [];
    for (const { id } of peers)
      for await (const trace of this.traces.every({ partner: id, ...period })) {
        if (id !== own && trace.details['sender'] !== own) continue;
        if (all.push(trace) > MOST)
          throw new BrokerError('event.malformed', {
            detail: `Plus de ${MOST} traces : raccourcissez la période.`,
          });
      }
    return all.sort((a, b) => (a.entry < b.entry ? -1 : 1));
  }

  async #story(own: PartnerId, id: string): Promise<Trace | undefined> {
    try {
      return await this.messages.trace(own, id);
    } catch (error) {
      // gone by now, or not this organisation's to see
      if (asBrokerError(error).code === 'not-found') return undefined;
      throw error;
    }
  }
}
