/** What the demos of the surveys share: a service passes a dossier through its own edge, sends what comes out, and waits. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { eventType } from '#core';
import { type EdgeService, startEdge } from '../edge/edge-service.ts';
import { awaited, type DemoWorld } from './demo-run.ts';

export type ServiceId = keyof DemoWorld['services'];

export interface Sent {
  messageId: string;
  service: ServiceId;
  recipient: string;
}

export class SurveySender {
  readonly #edges = new Map<ServiceId, EdgeService>();
  #sent = 0;

  constructor(
    private readonly world: DemoWorld,
    private readonly flow: string,
    private readonly object: string,
  ) {}

  /** @throws Error with the code of the refusal, at the edge or at Relais */
  async send(service: ServiceId, recipient: string, input: unknown): Promise<Sent> {
    const edge = await this.#edgeOf(service);
    const answer = await fetch(`${edge.url}/${this.flow}`, { method: 'POST', body: JSON.stringify(input) });
    if (!answer.ok) throw new Error(`edge : ${await answer.text()}`);
    this.#sent += 1;
    const { id } = await this.world.services[service].client.send({
      id: `${this.flow}-${Date.now()}-${this.#sent}`,
      type: eventType(this.flow, this.object, 1),
      datacontenttype: 'application/json',
      recipient,
      data: Buffer.from(await answer.arrayBuffer()),
    });
    return { messageId: id, service, recipient };
  }

  /** Copies what the recipient decrypted, and what its acknowledgement says, once that is back at the sender. */
  async collect({ messageId, service, recipient }: Sent): Promise<{ files: string[]; outcome: string }> {
    const { correlationid, files } = await awaited(`la remise à ${recipient}`, async () =>
      this.world.partners[recipient]?.received.find((one) => one.messageId === messageId),
    );
    const acknowledgement = await awaited(`l’accusé de ${recipient}`, async () =>
      this.world.services[service].received.find(
        (one) =>
          one.flow === this.flow && one.object === 'acknowledgement' && one.correlationid === correlationid,
      ),
    );
    const folder = this.world.folder(this.flow);
    mkdirSync(folder, { recursive: true });
    const copies = [
      ...files.map((file) => [recipient, file] as const),
      ...acknowledgement.files.map((file) => [service, file] as const),
    ].map(([holder, file]) => {
      const copy = join(folder, `${holder}-${basename(file)}`);
      copyFileSync(file, copy);
      return copy;
    });
    return { files: copies, outcome: 'remis, accusé reçu' };
  }

  /** For a stranger who opens the folder. */
  explain(text: string): string {
    const file = join(this.world.folder(this.flow), 'LISEZ-MOI.txt');
    writeFileSync(file, `${text.trim()}\n`, { mode: 0o600 });
    return file;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#edges.values()].map((edge) => edge.close()));
  }

  async #edgeOf(service: ServiceId): Promise<EdgeService> {
    const known = this.#edges.get(service);
    if (known !== undefined) return known;
    const edge = await startEdge({ port: 0, folder: join(this.world.folder(service), 'edge') });
    this.#edges.set(service, edge);
    return edge;
  }
}
