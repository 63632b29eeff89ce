/** The instant at which a UUIDv7 was made: it begins with its milliseconds. Later than any other when it is none. */
export function madeAt(id: string): string {
  const ms = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
  return Number.isNaN(ms) ? '~' : new Date(ms).toISOString();
}
