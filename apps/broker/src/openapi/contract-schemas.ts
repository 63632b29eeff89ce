/** Contents of the flows, as their contracts have them: schemas and fictional samples. */
import { contractFolder, eventType, type Flow, type ObjectContract } from '#core';
import { listOf, ref, type Schema } from './schema.ts';

/** An object of a flow that a partner may send, with the samples of its contract. */
export interface Sendable {
  flow: string;
  object: string;
  type: string;
  contract: ObjectContract;
  /** name in components/schemas; absent when no JSON is taken */
  schema?: string;
  /** sample name (`request.qualified`) → content */
  samples: Readonly<Record<string, unknown>>;
}

export type Samples = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** `insi.search.v1`, and what employers are shown (`employer-portal.published.v1`), which a page reads. */
export function contractSchemas(flows: readonly Flow[]): Record<string, Schema> {
  return Object.fromEntries(
    flows.flatMap(({ contract, schemas }) => {
      const objects = Object.entries(contract.objects).map(([object, { schema: whole, bulk, major }]) => {
        // of what comes line by line, one line
        const schema = whole ?? bulk?.schema;
        return { name: nameOf(contract.flow, object, major), found: schemas[schema ?? ''] };
      });
      const shown = { name: nameOf(contract.flow, PUBLISHED, 1), found: schemas[PUBLISHED] };
      return [...objects, ...(onPages(contract) ? [shown] : [])].flatMap(({ name, found }) =>
        found === undefined ? [] : [[name, componentOf(name, found)]],
      );
    }),
  );
}

const PUBLISHED = 'published';
const onPages = ({ objects }: Flow['contract']) => Object.values(objects).some((object) => object.onPages);

/** A reference of a schema into itself becomes one into this document. */
function componentOf(name: string, found: object): Schema {
  const { $schema: _dialect, $id: _id, ...rest } = found as Record<string, unknown>;
  return rebased(rest, `#/components/schemas/${name}`) as Schema;
}

export function sendables(flows: readonly Flow[], samples: Samples): Sendable[] {
  return flows.flatMap(({ contract: { flow, version, objects } }) =>
    Object.entries(objects)
      .filter(([, { senders }]) => senders.some((kind) => kind !== 'insi'))
      .map(([object, contract]) => ({
        flow,
        object,
        type: eventType(flow, object, contract.major),
        contract,
        ...(contract.schema === undefined ? {} : { schema: nameOf(flow, object, contract.major) }),
        samples: Object.fromEntries(
          Object.entries(samples[contractFolder({ flow, version })] ?? {})
            .filter(([name]) => name.startsWith(`${object}.`))
            .map(([name, content]) => [name.replace(/\.(nd)?json$/, ''), content]),
        ),
      })),
  );
}

/** The event of the structured mode: the type says which content. */
export function eventSchemas(objects: readonly Sendable[]): Record<string, Schema> {
  return {
    CloudEvent: {
      type: 'object',
      required: ['specversion', 'id', 'source', 'type'],
      properties: {
        specversion: { const: '1.0' },
        id: {
          type: 'string',
          minLength: 1,
          maxLength: 255,
          description: 'le vôtre ; le même à chaque essai',
        },
        source: { type: 'string', pattern: '^urn:relais:partner:[a-z0-9-]+$' },
        type: { type: 'string', enum: objects.map(({ type }) => type) },
        time: { type: 'string', format: 'date-time' },
        datacontenttype: { type: 'string' },
        recipient: { type: 'string', description: 'un partenaire, ou plusieurs séparés par une espace' },
        correlationid: { type: 'string', description: 'échange auquel ceci répond' },
        expirytime: { type: 'string', format: 'date-time', description: 'plus rien n’est remis ensuite' },
        traceparent: { type: 'string', description: 'W3C Trace Context' },
        lastvisit: { type: 'string', format: 'date' },
        subjectref: {
          type: 'string',
          format: 'uuid',
          description: 'celle que portait la demande ; jamais un INS',
        },
        relaissignature: { type: 'string', description: 'votre propre JWS détaché, transmis tel quel' },
        data: { description: 'contenu JSON' },
        data_base64: { type: 'string', contentEncoding: 'base64', description: 'contenu d’un autre format' },
      },
      oneOf: [{ required: ['data'] }, { required: ['data_base64'] }],
      allOf: objects.flatMap(({ type, schema, contract: { requires } }) => [
        {
          if: { properties: { type: { const: type } }, required: ['type'] },
          // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
          then: {
            ...(requires.length === 0 ? {} : { required: requires }),
            ...(schema === undefined ? {} : { properties: { data: ref(schema) } }),
          },
        },
      ]),
    },
    CloudEventBatch: { ...listOf(ref('CloudEvent')), maxItems: 1000 },
  };
}

function examplesOf(objects: readonly Sendable[]): object {
  return Object.fromEntries(
    objects.flatMap(({ type, samples }) =>
      Object.entries(samples).map(([name, value]) => [
        `${one(type)}.${variant(name)}`,
        { summary: type, value },
      ]),
    ),
  );
}

/** Body of POST /v1/messages in its three modes. */
export function messageBodies(objects: readonly Sendable[]): Record<string, object> {
  const mediaTypes = [...new Set(objects.flatMap(({ contract }) => contract.mediaTypes))];
  const contents = objects.flatMap(({ schema }) => (schema === undefined ? [] : [ref(schema)]));
  const whole = objects.filter(({ contract }) => contract.bulk === undefined);
  const inLines = objects.filter(({ contract }) => contract.bulk !== undefined);
  const events = whole.flatMap((one) => {
    const name = Object.keys(one.samples)[0];
    return name === undefined ? [] : [{ name, value: exampleEvent(one, name) }];
  });
  return {
    ...Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, {}])),
    'application/json': {
      schema: { anyOf: contents },
      examples: examplesOf(whole),
    },
    ...(inLines.length === 0
      ? {}
      : {
          'application/x-ndjson': {
            schema: {
              type: 'string',
              description: 'une ligne, un objet JSON ; la première est un en-tête quand le contrat le dit',
            },
            'x-line-schema': {
              anyOf: inLines.map(({ flow, object, contract }) => ref(nameOf(flow, object, contract.major))),
            },
            examples: examplesOf(inLines),
          },
        }),
    'application/jose': {},
    'application/cloudevents+json': {
      schema: ref('CloudEvent'),
      examples: Object.fromEntries(
        events.map(({ name, value }) => [
          `${one(value.type)}.${variant(name)}`,
          { summary: value.type, value },
        ]),
      ),
    },
    'application/cloudevents-batch+json': {
      schema: ref('CloudEventBatch'),
      examples: {
        lot: {
          summary: 'deux événements, deux verdicts',
          value: events.slice(0, 2).map(({ value }) => value),
        },
      },
    },
  };
}

function nameOf(flow: string, object: string, major: number): string {
  return `${flow}.${object}.v${major}`;
}

/** `insi.search` of a type, and `adrun` of a sample's name. */
const one = (type: string) => type.split('.').slice(2, 4).join('.');
const variant = (name: string) => name.split('.').slice(1).join('.');

function exampleEvent({ type, contract, samples }: Sendable, name: string) {
  const attributes: Record<(typeof contract.requires)[number], string> = {
    correlationid: '018f0000-0000-7000-8000-0000000000e1',
    subjectref: '018f0000-0000-7000-8000-0000000000e2',
    lastvisit: '2026-05-11',
    expirytime: '2036-01-01T00:00:00.000Z',
  };
  return {
    specversion: '1.0',
    id: `exemple-${one(type)}`,
    source: 'urn:relais:partner:spsti-b',
    type,
    datacontenttype: 'application/json',
    ...(contract.recipients.fixed === undefined ? { recipient: 'spsti-a' } : {}),
    ...Object.fromEntries(contract.requires.map((attribute) => [attribute, attributes[attribute]])),
    data: samples[name],
  };
}

function rebased(value: unknown, at: string): unknown {
  if (Array.isArray(value)) return value.map((one) => rebased(one, at));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' && inner.startsWith('#')
        ? at + inner.slice(1)
        : rebased(inner, at),
    ]),
  );
}
