/**
 * Work that ends with `outer`, or after `ms` milliseconds. Nothing of it stays behind: signals made by
 * `AbortSignal.timeout` live on until their time is over, thousands of them at a few hundred messages a second.
 */
export async function within<T>(
  ms: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const stop = () => ending.abort(outer?.reason);
  const timer = setTimeout(() => ending.abort(new DOMException('out of time', 'TimeoutError')), ms);
  if (outer?.aborted === true) stop();
  outer?.addEventListener('abort', stop);
  try {
    return await work(ending.signal);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', stop);
  }
}
