/** Small shapes that the partners file is made of. */
export const text = { type: 'string', minLength: 1, maxLength: 500 };
export const instant = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' };
/** inline, or the path of a file relative to the partners file */
export const pem = { $ref: '#/$defs/pem' };
export const https = { type: 'string', pattern: '^https://[^/?#@\\s]+([/?][^#\\s]*)?$' };
export const port = { type: 'integer', minimum: 1, maximum: 65_535 };
export const mailAddress = { type: 'string', pattern: '^[^@\\s<>"(),:;]{1,64}@[A-Za-z0-9.-]{1,253}$' };

/** An object with these members and no other; those not in `optional` are required. */
export function closed(properties: Record<string, object>, optional: readonly string[] = []) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', additionalProperties: false, properties, required };
}
