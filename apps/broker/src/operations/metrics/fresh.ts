import type { Gauge } from 'prom-client';

/** Gauges say what was just read, or nothing. */
export async function fresh<T>(
  gauges: readonly Gauge[],
  read: () => Promise<T>,
  tell: (read: T) => void,
): Promise<void> {
  let value: T;
  try {
    value = await read();
  } catch (error) {
    empty(gauges);
    throw error;
  }
  empty(gauges);
  tell(value);
}

/** A gauge without labels would say 0 until it is first set. */
export function empty(gauges: readonly Gauge[]): void {
  for (const gauge of gauges) {
    gauge.reset();
    gauge.remove({});
  }
}
