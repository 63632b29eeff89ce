/** The served document as a judge of real answers: what it does not say of an answer is a failure. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { OpenApi } from '../../apps/broker/src/openapi/document.ts';
import type { Answer, Asking } from '../builders/relais.ts';

export type Json = Record<string, unknown>;

/** Every `$ref` of a document, with where it stands. */
export function refsOf(value: unknown, at = ''): { at: string; to: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key === '$ref' && typeof inner === 'string' ? [{ at, to: inner }] : []),
    ...refsOf(inner, `${at}/${key}`),
  ]);
}

/** RFC 6901, as a URI fragment. */
export function resolve(document: unknown, ref: string): unknown {
  if (!ref.startsWith('#/')) return undefined;
  return ref
    .slice(2)
    .split('/')
    .map((token) => decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, token) => (value as Json | undefined)?.[token], document);
}

/** `components` only holds the schemas that references name. */
const ANNOTATIONS = ['x-item', 'x-visibility', 'x-health-values', 'components'];

/** Media types of the body of POST /v1/messages. */
export function messageContents({ paths }: OpenApi): Record<string, Json> {
  const body = paths['/v1/messages']?.['post']?.requestBody as { content: Record<string, Json> } | undefined;
  return body?.content ?? {};
}

/** What a document says of its answers, held against real ones. */
export class Judge {
  readonly #ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
  /** operations that a real answer went through */
  readonly seen = new Set<string>();

  /** @param closed a member that the document does not name is a fault (answers; the document itself stays open) */
  constructor(
    private readonly document: OpenApi,
    closed = true,
  ) {
    addFormats.default(this.#ajv);
    this.#ajv.addVocabulary(ANNOTATIONS);
    // only its schemas are schemas: the rest of the document is found by pointer
    this.#ajv.addSchema(
      {
        $id: 'urn:relais:openapi',
        components: closed ? closedSchemas(document) : document.components,
      } as object,
      undefined,
      false,
      false,
    );
  }

  schema(name: string): ValidateFunction {
    return this.#ajv.compile({ $ref: `urn:relais:openapi#/components/schemas/${name}` });
  }

  compile(schema: object): ValidateFunction {
    return this.#ajv.compile(
      JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"urn:relais:openapi#/')) as object,
    );
  }

  /** What the document did not announce; empty = as announced. */
  faults(listener: string, path: string, { method, body }: Asking, answer: Answer): string[] {
    const verb = (method ?? (body === undefined ? 'GET' : 'POST')).toLowerCase();
    const name = templateOf(this.document, path.split('?')[0] ?? '', verb);
    const operation = name === undefined ? undefined : this.document.paths[name]?.[verb];
    if (name === undefined || operation === undefined) return [`${verb} ${path}: no such operation`];
    const where = `${verb} ${name} → ${answer.status}`;
    if (!operation['x-relais-listeners'].some((one) => one === listener))
      return answer.status === 404 ? [] : [`${where}: not on this port`];
    this.seen.add(`${verb.toUpperCase()} ${name}`);
    const announced = operation.responses[String(answer.status)] as
      | { content?: Record<string, Json> }
      | undefined;
    if (announced === undefined)
      return [`${where}: status not announced ${answer.bytes.toString().slice(0, 200)}`];
    if (answer.bytes.length === 0) return announced.content === undefined ? [] : [`${where}: body expected`];
    const type = String(answer.headers['content-type']).split(';')[0] ?? '';
    const content = announced.content?.[type] ?? announced.content?.['*/*'];
    if (content === undefined) return [`${where}: ${type} not announced`];
    const schema = content['schema'] as object | undefined;
    if (schema === undefined || !/[/+]json$/.test(type)) return [];
    const validate = this.compile(schema);
    if (validate(answer.json)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${where}: ${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }
}

/** The path as the document writes it; a fixed one wins over one with a parameter. */
function templateOf({ paths }: OpenApi, path: string, verb: string): string | undefined {
  const fitting = Object.keys(paths).filter((template) => {
    const pattern = template.replaceAll(/[.]/g, '\\.').replaceAll(/\{\w+\}/g, '[^/]+');
    return paths[template]?.[verb] !== undefined && new RegExp(`^${pattern}$`).test(path);
  });
  return fitting.sort((a, b) => a.split('{').length - b.split('{').length)[0];
}

/** Objects with named members take no other one: in a test, an answer that says more than announced is a fault. */
function closedSchemas({ components }: OpenApi): object {
  const close = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(close);
    if (typeof value !== 'object' || value === null) return value;
    const closed = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, close(inner)]));
    const isShape = closed['type'] === 'object' && closed['properties'] !== undefined;
    return isShape && closed['additionalProperties'] === undefined
      ? { ...closed, additionalProperties: false }
      : closed;
  };
  return { ...components, schemas: close(components.schemas) as object };
}
