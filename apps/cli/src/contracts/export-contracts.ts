import { contractHash, flows } from '#contracts';
import { canonicalJson, type Flow } from '#core';

/** Contracts as data: what `relais contracts export` writes and `diff` reads. */
export interface ContractsExport {
  format: 'relais-contracts/1';
  flows: { hash: string; contract: Flow['contract']; schemas: Flow['schemas'] }[];
}

export function exportContracts(of: readonly Flow[] = flows): ContractsExport {
  return {
    format: 'relais-contracts/1',
    flows: of.map(({ contract, schemas }) => ({
      hash: contractHash({ contract, schemas }),
      contract,
      schemas,
    })),
  };
}

/** @throws Error when the text is no export, or when a contract in it is not what its hash says */
export function readExport(text: string): ContractsExport {
  const read = JSON.parse(text) as ContractsExport;
  if (read.format !== 'relais-contracts/1' || !Array.isArray(read.flows)) throw new Error('not an export');
  for (const { hash, contract, schemas } of read.flows)
    if (contractHash({ contract, schemas }) !== hash) throw new Error(`${contract.flow}: hash differs`);
  return read;
}

/** Canonical, so that two exports of the same contracts are the same bytes. */
export function writeExport(contracts: ContractsExport): string {
  return `${canonicalJson(contracts)}\n`;
}
