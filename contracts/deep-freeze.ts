/** A contract is data that nobody may change after start, at any depth. Meant for trees: no cycle. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
