/** The journal as NDJSON, verified by `relais journal verify` (apps/cli/src/journal-verify says the format). */
import { canonicalJson, type JournalRecords } from '#core';

const SEALS_AT_A_TIME = 100;

/** Ends with a seal made for it. @param sealAll seals whatever was committed before the call */
export async function* journalExport(
  journal: JournalRecords,
  signingKeys: readonly object[],
  sealAll: () => Promise<void>,
): AsyncGenerator<string> {
  yield line({ type: 'export', jwks: { keys: signingKeys } });
  await sealAll();
  let emptied = false;
  for (let after = 0; ; ) {
    const seals = await journal.seals(after, SEALS_AT_A_TIME);
    if (seals.length === 0) {
      if (!emptied) return;
      // purged as we read, perhaps: the entry that says so must be in it
      emptied = false;
      await sealAll();
      continue;
    }
    for (const { n, jws } of seals) {
      const entries = await journal.entriesOfSeal(n);
      if (entries.length === 0) emptied = true;
      for (const [index, { body, hash }] of entries.entries()) {
        yield line({ type: 'entry', seal: n, index, body, hash });
      }
      yield line({ type: 'seal', n, jws });
      after = n;
    }
  }
}

function line(value: object): string {
  return `${canonicalJson(value)}\n`;
}
