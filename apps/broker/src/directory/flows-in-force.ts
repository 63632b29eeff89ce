/** Flows in force: contracts with their schemas compiled and their hash, made once at start. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileSchemas, type Flow, type FlowInForce, type FlowTable } from '#core';

export class FlowsInForce implements FlowTable {
  readonly #flows: ReadonlyMap<string, FlowInForce>;

  constructor(
    flows: readonly Flow[],
    hashOf: (flow: Flow) => string,
    /** folder of contracts, for their samples */
    private readonly folder: string,
  ) {
    this.#flows = new Map(
      flows.map((flow) => [
        flow.contract.flow,
        { flow, hash: hashOf(flow), schemaFindings: compileSchemas(flow) },
      ]),
    );
  }

  of(flow: string): FlowInForce | undefined {
    return this.#flows.get(flow);
  }

  all(): readonly FlowInForce[] {
    return [...this.#flows.values()];
  }

  async allSamples(): Promise<Record<string, Record<string, unknown>>> {
    const names = [...this.#flows.keys()];
    const samples = await Promise.all(names.map((name) => this.samples(name)));
    return Object.fromEntries(names.map((name, i) => [name, samples[i] ?? {}]));
  }

  /** Valid samples by file name: what a vendor starts from. */
  async samples(flow: string): Promise<Record<string, unknown>> {
    const folder = join(this.folder, flow, 'samples', 'valid');
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    return Object.fromEntries(names.map((name, i) => [name, JSON.parse(texts[i] as string) as unknown]));
  }
}
