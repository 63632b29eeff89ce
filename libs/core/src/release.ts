/**
 * Gives the memory of bytes that nobody will look at again back at once, and leaves them empty. A collector that counts
 * objects sees few of them in a stream of megabytes, and would let hundreds stand before it looks. Windows on memory
 * that others share are left alone.
 */
export function release(bytes: Uint8Array): void {
  const { buffer, byteLength } = bytes;
  if (byteLength > 0 && buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
