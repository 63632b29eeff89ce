/** Looks at what may stand in the way of new messages, again and again, and tells the log when that changes. */
import type { Log } from '../engine/log.ts';
import type { Admission } from './admission.ts';
import type { DiskWatch } from './disk-watch.ts';
import type { StoreWatch } from './store-watch.ts';

const LOOK_MS = 500;

export interface Looked {
  admission: Admission;
  store: StoreWatch;
  disk: DiskWatch;
  log: Log;
}

/** The first look is over when it resolves. @returns what ends it */
export async function keepLooking({ admission, store, disk, log }: Looked): Promise<() => void> {
  let told = '';
  const look = async () => {
    // a store that hangs must not hide the disk
    void store.look();
    await disk.look().catch((error: unknown) => log.error({ err: error }, 'free space not measured'));
    const states = admission.states();
    const closed = Object.keys(states).filter((name) => states[name] !== 'up');
    const now = closed.join(' ');
    if (now === told) return;
    told = now;
    if (closed.length > 0) log.error({ checks: states }, 'new messages are refused');
    else log.info({ checks: states }, 'new messages are taken again');
  };
  await look();
  const timer = setInterval(() => void look(), LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
