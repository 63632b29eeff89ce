import {
  type Content,
  type Divided,
  type HookContext,
  type IdentityQuestion,
  type PartnerId,
  publishedSchema,
  type SuppressionPattern,
  visiblePart,
} from '#core';
import schema from './schemas/employer-view.json' with { type: 'json' };
import { hasStatistics, withoutSmallCounts } from './statistics.ts';
import type { EmployerView } from './view.ts';

/**
 * The whitelist: what the portal gets, and nothing else. Without what serves to verify an identity and without the trace
 * of a worker's non-opposition, which are not the employer's.
 */
export const published = whitelist();

function whitelist(): object {
  const { sex: _, birthPlace: __, ...shown } = schema.$defs.worker.properties;
  const { legalGate: ___, ...properties } = schema.properties;
  const told = publishedSchema(schema, 'urn:relais:schema:employer-portal:published:1', {
    worker: { ...schema.$defs.worker, properties: shown },
  });
  // what the schema does not name is never shown; what it names is
  return { ...told, properties, 'x-visibility': 'A' };
}

/** An avis is about one worker, who is verified; a view of an establishment names staff that nobody gives an avis on. */
export function whoIsTold({ json }: Content, sender: PartnerId): IdentityQuestion | undefined {
  const { output, recommendations } = json as EmployerView;
  const worker = (output ?? recommendations)?.worker;
  if (worker?.sex === undefined) return undefined;
  const { birthName, firstNames, sex, birthDate, birthPlace } = worker;
  return {
    spsti: sender,
    traits: { birthName, firstNames, sex, birthDate, ...(birthPlace === undefined ? {} : { birthPlace }) },
    startedBy: 'system',
  };
}

/** Statistics of one establishment and year: only these are remembered from one publication to the next. */
export function memoryKey({ json }: Content): string | undefined {
  const view = json as EmployerView;
  return hasStatistics(view) ? `statistics/${view.siret}/${view.establishment?.statistics?.year}` : undefined;
}

export function orderKey(content: Content): string | undefined {
  const key = memoryKey(content);
  return key === undefined ? undefined : `employer-portal/${key}`;
}

export function divideView(content: Content, { tools, remembered }: HookContext): Divided {
  const whole = content.json as EmployerView;
  const key = memoryKey(content);
  const { view, pattern } =
    key === undefined
      ? { view: withoutStatistics(whole), pattern: undefined }
      : withoutSmallCounts(whole, tools, remembered as SuppressionPattern | undefined);
  const shown = visiblePart(published, view);
  return {
    parts: [{ audience: 'enc', mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(shown)) }],
    removed: leaves(whole) - leaves(shown),
    told: { to: { siret: whole.siret }, topic: topicOf(whole) },
    ...(key === undefined ? {} : { remember: { key, value: pattern } }),
  };
}

function topicOf({ output, recommendations }: EmployerView): string {
  if (output !== undefined) return 'output';
  return recommendations === undefined ? 'establishment' : 'recommendations';
}

function withoutStatistics(view: EmployerView): EmployerView {
  if (view.establishment === undefined) return view;
  const { statistics: _, ...establishment } = view.establishment;
  return { ...view, establishment };
}

function leaves(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, inner) => sum + leaves(inner), 0);
}
