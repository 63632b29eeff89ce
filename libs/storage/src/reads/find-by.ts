import type { DataSource, ObjectLiteral } from 'typeorm';
import { prepared } from '../postgres/prepared.ts';

/**
 * Whole rows by equality of some fields, as a statement whose text is made once from the entity's own columns. The query
 * builder makes it anew at each call, which takes ten times as long as the read: these are the reads of every message.
 *
 * @param order field that sorts them
 */
export function findBy<T extends ObjectLiteral, F extends keyof T & string>(
  source: DataSource,
  entity: new () => T,
  fields: readonly F[],
  order?: keyof T & string,
): (values: Readonly<Pick<T, F>>) => Promise<T[]> {
  const { driver } = source;
  const { columns, tableName } = source.getMetadata(entity);
  const shown = columns.filter(({ isSelect }) => isSelect);
  const nameOf = (field: string) =>
    columns.find(({ propertyName }) => propertyName === field)?.databaseName ?? field;
  const list = shown.map(({ databaseName, propertyName }) => `${databaseName} AS "${propertyName}"`);
  const where = fields.map((field, i) => `${nameOf(field)} = ${driver.createParameter(field, i)}`);
  const sql = [
    `SELECT ${list.join(', ')} FROM ${tableName} WHERE ${where.join(' AND ')}`,
    ...(order === undefined ? [] : [`ORDER BY ${nameOf(order)}`]),
  ].join(' ');
  const run =
    prepared<ObjectLiteral>(source, sql) ??
    ((wanted: readonly unknown[]) => source.query<ObjectLiteral[]>(sql, [...wanted]));
  return async (values) => {
    const wanted = fields.map((field) => values[field]);
    // looked for by nothing, anything would be found or nothing: a bug of ours either way
    if (wanted.some((value) => value === undefined || value === null))
      throw new TypeError(`${tableName} is looked for without a value`);
    const rows = await run(wanted);
    return rows.map((row) => {
      const found = new entity();
      for (const column of shown)
        column.setEntityValue(found, driver.prepareHydratedValue(row[column.propertyName], column));
      return found;
    });
  };
}
