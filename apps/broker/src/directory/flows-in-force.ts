/** Flows in force: contracts with their schemas compiled and their hash, made once at start. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Contract,
  compileSchemas,
  contractFolder,
  eventType,
  type Flow,
  type FlowInForce,
  type FlowTable,
} from '#core';

export class FlowsInForce implements FlowTable {
  /** versions of each flow, oldest first */
  readonly #flows: ReadonlyMap<string, readonly FlowInForce[]>;

  constructor(
    flows: readonly Flow[],
    hashOf: (flow: Flow) => string,
    /** folder of contracts, for their samples */
    private readonly folder: string,
    /** features switched on here */
    features: readonly string[] = [],
  ) {
    const inForce = flows.map((flow) => ({
      flow,
      open: flow.contract.feature === undefined || features.includes(flow.contract.feature),
      hash: hashOf(flow),
      schemaFindings: compileSchemas(flow),
    }));
    this.#flows = Map.groupBy(inForce, ({ flow }) => flow.contract.flow);
  }

  of(flow: string, type?: string): FlowInForce | undefined {
    const versions = this.#flows.get(flow) ?? [];
    return type === undefined ? versions.at(-1) : versions.findLast((one) => knows(one.flow, type));
  }

  all(): readonly FlowInForce[] {
    return [...this.#flows.values()].flat();
  }

  /** by folder (core/contract.ts) */
  async allSamples(): Promise<Record<string, Record<string, unknown>>> {
    const all = this.all().map(({ flow }) => flow.contract);
    const samples = await Promise.all(all.map((contract) => this.samples(contract)));
    return Object.fromEntries(all.map((contract, i) => [contractFolder(contract), samples[i] ?? {}]));
  }

  /** Valid samples by file name: what a vendor starts from. NDJSON as its text. */
  async samples(contract: Contract): Promise<Record<string, unknown>> {
    const folder = join(this.folder, contractFolder(contract), 'samples', 'valid');
    const names = (await readdir(folder)).filter((name) => /\.(nd)?json$/.test(name)).sort();
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    const read = (name: string, text: string): unknown =>
      name.endsWith('.ndjson') ? text : JSON.parse(text);
    return Object.fromEntries(names.map((name, i) => [name, read(name, texts[i] as string)]));
  }
}

function knows({ contract: { flow, objects } }: Flow, type: string): boolean {
  return Object.entries(objects).some(([object, { major }]) => eventType(flow, object, major) === type);
}
