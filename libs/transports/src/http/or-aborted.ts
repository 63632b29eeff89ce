/**
 * The same, ended by its signal at once: undici hears of an abort only when it has a connection, and a handshake of a byte
 * now and then has no end. What was aborted before it had one is never sent.
 */
export function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
