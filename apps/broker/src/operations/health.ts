/** Readiness that tells the truth: a write and a read go through, nothing stands in the way of a new message. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Records, UnitOfWork } from '#core';
import type { Admission, CheckState } from '../admission/admission.ts';

const NOTHING = { lane: 'health', limit: 1, lease: 'health', now: '0000', until: '0000' };
/** Whoever asks gives up sooner than a database that hangs. */
const PATIENCE_MS = 1_000;

export class Health {
  constructor(
    private readonly admission: Admission,
    private readonly unitOfWork: Pick<UnitOfWork, 'claim'>,
    private readonly records: Pick<Records, 'lanes'>,
  ) {}

  /** Answers within a second or so, whatever hangs. */
  async checks(): Promise<Record<string, CheckState>> {
    const [writer, reads] = await Promise.all([
      // a claim that finds nothing goes all the way through the writer
      up(() => this.unitOfWork.claim(NOTHING)),
      up(() => this.records.lanes()),
    ]);
    const { store, ...others } = this.admission.states();
    return { ...others, writer: store === 'up' ? writer : 'down', reads };
  }
}

async function up(check: () => Promise<unknown>): Promise<'up' | 'down'> {
  const late = new AbortController();
  const answers = check().then(
    () => 'up' as const,
    () => 'down' as const,
  );
  const silent = pause(PATIENCE_MS, 'down' as const, { signal: late.signal, ref: false }).catch(
    () => 'down' as const,
  );
  try {
    return await Promise.race([answers, silent]);
  } finally {
    late.abort();
  }
}
