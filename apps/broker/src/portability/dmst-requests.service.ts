/** A doctor asks other services for a worker's dossier: one request, one exchange per source, the most recent kept. */
import {
  Accept,
  accessOf,
  again,
  asBrokerError,
  BrokerError,
  type Delivery,
  type DmstRequest,
  eventType,
  findingsOf,
  giveReceipt,
  type PartnerId,
  type Person,
  partnerSource,
  readsHealth,
  recordEntry,
  type Stages,
  write,
} from '#core';
import type { TenantKeys } from '#protection';
import type { Engine } from '../engine/engine.ts';
import type { Page } from '../http/page.ts';
import type { Authority } from '../persons/delegations.ts';
import { accessDetails } from './access-details.ts';
import type { DmstRequestBody } from './dmst-request.dto.ts';
import { gateOf } from './legal-gate.ts';
import { type RequestContent, requestContent } from './request-content.ts';
import { requestView } from './request-view.ts';

const FLOW = 'dmst-portability';
const TYPE = eventType(FLOW, 'request', 1);

/** A person of a service with what it may do now (persons/delegations.ts). */
export type Asker = Pick<Authority, 'author' | 'authors'> & { person: Person & { partner: PartnerId } };

export class DmstRequestsService {
  readonly #stages: Stages;
  readonly #accept: Accept;

  constructor(
    private readonly engine: Engine,
    private readonly tenantKeys: TenantKeys,
    private readonly unsent: () => Promise<DmstRequest[]>,
  ) {
    this.#stages = engine.stages;
    this.#accept = engine.accept;
  }

  /** Whoever watches a request watches no longer. */
  get stopping(): boolean {
    return this.engine.stopping;
  }

  async create({ person, author }: Asker, body: DmstRequestBody): Promise<{ id: string }> {
    const { clock, ids, unitOfWork, vault, workers } = this.#stages;
    const now = clock.now();
    const gate = gateOf(body, now);
    this.#checkSources(person.partner, body.sources);
    const content = requestContent(person, body, gate);
    await this.#checkContent(person.partner, content);
    const id = ids.next();
    const expires = this.#contract().opens?.expiresAfterHours ?? 720;
    const { atRest, chunks } = vault.seal(Buffer.from(JSON.stringify(content)), `dmst-request/${id}`);
    const workerRef = workers.of(person.partner, content.worker.traits);
    const request: DmstRequest = {
      id,
      partner: person.partner,
      ...(workerRef === undefined ? {} : { workerRef }),
      author,
      state: 'open',
      createdAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + expires * 3_600_000).toISOString(),
      informedAt: gate.informedAt,
      recordedBy: gate.recordedBy,
      ...(body.evidenceSeen === undefined ? {} : { evidenceSeen: body.evidenceSeen }),
      identityStatus: 'PROV',
      sources: [...body.sources].sort(),
      worker: { atRest, bytes: chunks[0] as Uint8Array },
    };
    const entry = recordEntry({
      id: ids.next(),
      at: now.toISOString(),
      kind: 'dmst-request.created',
      actor: `person:${person.pseudonym}`,
      flow: FLOW,
      details: {
        ...accessDetails(person, request),
        sources: request.sources.join(' '),
      },
    });
    await unitOfWork.commit([
      write('dmst-request.insert', { request }),
      write('journal.entry', { entry }),
      accessOf(entry, person.partner, workerRef),
    ]);
    try {
      await this.send(request);
    } catch (error) {
      // it is recorded: what cannot leave for the moment is sent by `resume`
      if (asBrokerError(error).next !== 'retry') throw error;
    }
    return { id };
  }

  /** One message per source. Idempotent: what a crash left unsent is sent by calling it again. */
  async send(request: DmstRequest): Promise<void> {
    const { directory, vault } = this.#stages;
    const partner = directory.partner(request.partner);
    if (partner === undefined) throw new BrokerError('configuration.invalid');
    const { atRest, bytes } = request.worker;
    const data = vault.open({ atRest, chunks: [bytes] }, `dmst-request/${request.id}`);
    for (const source of request.sources) {
      await this.#accept.accept({
        partner,
        event: {
          id: `dmst-request:${request.id}:${source}`,
          source: partnerSource(partner.id),
          type: TYPE,
          datacontenttype: 'application/json',
          recipient: source,
        },
        data,
        mediaType: 'application/json',
        person: request.author,
        groupId: request.id,
      });
    }
  }

  /** Requests whose sources could not all be asked, or the process ended before; one that can never be sent is given up. */
  async resume(onTrouble: (error: unknown) => void): Promise<void> {
    for (const request of await this.unsent()) {
      try {
        await this.send(request);
      } catch (error) {
        onTrouble(error);
        if (asBrokerError(error).next === 'reject')
          await this.engine.groups.cancel(request, 'error', 'broker');
      }
    }
  }

  /** The last one first. */
  async list(asker: Asker, page: Page): Promise<(object & { id: string })[]> {
    const { person, authors } = asker;
    const requests = await this.#stages.records.dmstRequests({
      partner: person.partner,
      authors,
      newestFirst: true,
      ...page,
    });
    return Promise.all(requests.map((request) => this.#view(asker, request)));
  }

  async one(asker: Asker, id: string): Promise<object> {
    return this.#view(asker, await this.#visible(asker, id));
  }

  async cancel(asker: Asker, id: string, reason: 'opposition' | 'error'): Promise<object> {
    await again(async () => {
      const request = await this.#visible(asker, id);
      if (request.state === 'cancelled') return;
      await this.engine.groups.cancel(request, reason, `person:${asker.person.pseudonym}`);
    });
    return this.#view(asker, await this.#visible(asker, id));
  }

  /** Part A for IPRP, ASST and secretaries; the whole for health professionals. Every opening is journalled. */
  async summary(asker: Asker, id: string): Promise<Buffer> {
    const { clock, ids, records, unitOfWork } = this.#stages;
    const { person } = asker;
    const request = await this.#visible(asker, id);
    if (request.best === undefined)
      throw new BrokerError('not-found', { detail: 'Aucun dossier reçu pour le moment.' });
    const deliveries = await records.deliveries(request.best);
    const copy = deliveries.find(({ transport, state }) => transport === 'portal' && state === 'delivered');
    if (copy === undefined)
      throw new BrokerError('not-found', { detail: 'Ce dossier n’est plus conservé ici.' });
    const bytes = await this.#open(request.partner, copy, readsHealth(person));
    const at = clock.now().toISOString();
    const entry = recordEntry({
      id: ids.next(),
      at,
      kind: 'dossier.opened',
      actor: `person:${person.pseudonym}`,
      messageId: request.best,
      deliveryId: copy.id,
      flow: FLOW,
      details: { ...accessDetails(person, request), part: readsHealth(person) ? 'AH' : 'A' },
    });
    await unitOfWork.commit([
      write('journal.entry', { entry }),
      accessOf(entry, request.partner, request.workerRef),
    ]);
    await again(async () =>
      giveReceipt(
        this.#stages,
        this.engine.own,
        (await records.delivery(copy.id)) ?? copy,
        { outcome: 'opened', at },
        `person:${person.pseudonym}`,
      ),
    );
    return bytes;
  }

  async #open(partner: string, copy: Delivery, whole: boolean): Promise<Buffer> {
    const parts = await this.#stages.records.parts(copy.id);
    if (parts.length === 0)
      throw new BrokerError('not-found', { detail: 'Ce dossier n’est plus conservé ici.' });
    const wanted = parts
      .filter(({ audience }) => audience === (whole ? 'enc-h' : 'enc'))
      .sort((a, b) => a.n - b.n);
    if (wanted.length === 0 && !whole) {
      throw new BrokerError('part.not-separable', {
        detail: 'Ce document ne se divise pas : il est réservé aux professionnels de santé.',
      });
    }
    return Buffer.concat(wanted.map(({ jwe }) => this.tenantKeys.open(partner, jwe)));
  }

  async #view({ person }: Asker, request: DmstRequest): Promise<object & { id: string }> {
    const { directory, records } = this.#stages;
    const exchanges = await records.exchanges({ groupId: request.id });
    return requestView(request, exchanges, directory, readsHealth(person));
  }

  async #visible({ person, authors }: Asker, id: string): Promise<DmstRequest> {
    const request = await this.#stages.records.dmstRequest(id);
    if (request?.partner !== person.partner || !authors.includes(request.author)) {
      throw new BrokerError('not-found');
    }
    return request;
  }

  #checkSources(partner: string, sources: readonly string[]): void {
    for (const source of sources) {
      const known = this.#stages.directory.partner(source);
      if (known?.kind !== 'spsti' || source === partner) {
        throw new BrokerError('recipient.unknown', {
          detail: 'Un des services sources est inconnu de l’annuaire.',
        });
      }
    }
  }

  /** The same checks as the first stage, before anything is stored. */
  async #checkContent(partner: PartnerId, json: RequestContent): Promise<void> {
    const inForce = this.#stages.flows.of(FLOW);
    if (inForce === undefined) throw new BrokerError('configuration.invalid');
    const content = { mediaType: 'application/json', bytes: Buffer.alloc(0), json };
    const findings = findingsOf(
      content,
      { inForce, flow: FLOW, object: 'request', contract: this.#contract() },
      { now: this.#stages.clock.now().toISOString(), recipients: [] },
    );
    if (findings.length > 0) throw new BrokerError('content.invalid', { findings });
    const question = inForce.flow.hooks['request']?.identity?.(content, partner, []);
    // asks nobody: traits or a matricule that cannot be are refused
    if (question !== undefined) await this.#stages.identity.cached(question);
  }

  #contract() {
    const contract = this.#stages.flows.of(FLOW)?.flow.contract.objects['request'];
    if (contract === undefined) throw new BrokerError('configuration.invalid');
    return contract;
  }
}
