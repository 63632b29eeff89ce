/**
 * Schema of what a recipient gets of an object whose counts are suppressed: the object's own, where each `#/$defs/count`
 * may also be told without its value. One truth for both sides of the transform.
 */
const PUBLISHED_COUNT = {
  description: 'effectif ; `<11` : de 1 à 10 ; `secret` : masqué parce qu’il en livrerait un autre',
  anyOf: [{ type: 'integer', minimum: 0, maximum: 10_000_000 }, { enum: ['<11', 'secret'] }],
};

/** @param definitions what else of `$defs` differs once published */
export function publishedSchema(schema: object, id: string, definitions: object = {}): object {
  const { $defs } = schema as { $defs?: object };
  return { ...schema, $id: id, $defs: { ...$defs, count: PUBLISHED_COUNT, ...definitions } };
}
