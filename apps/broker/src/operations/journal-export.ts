/** The journal as NDJSON, verified by `relais journal verify` (apps/cli/src/journal-verify says the format). */
import { canonicalJson, type JournalRecords } from '#core';

const SEALS_AT_A_TIME = 100;

/** Call after Sealer.sealAll: an export ends with a seal made for it. */
export async function* journalExport(
  journal: JournalRecords,
  signingKeys: readonly object[],
): AsyncGenerator<string> {
  yield line({ type: 'export', jwks: { keys: signingKeys } });
  for (let after = 0; ; ) {
    const seals = await journal.seals(after, SEALS_AT_A_TIME);
    if (seals.length === 0) return;
    for (const { n, jws } of seals) {
      const entries = await journal.entriesOfSeal(n);
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
