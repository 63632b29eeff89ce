/** One operation of the document: what the route says of itself, and the words of its chapter. */
import { CallerGuard } from '../http/anyone.ts';
import type { Listener } from '../http/listeners.ts';
import { PartnerGuard } from '../http/partner.ts';
import { PersonGuard } from '../persons/person-route.ts';
import type { Answer, Operation } from './operation.ts';
import { codesOf, problemAnswers } from './problems.ts';
import type { Route } from './routes.ts';
import { ref, type Schema } from './schema.ts';

/** Where the broker listens by default, and whether people come by TLS. */
export interface Listening {
  ports: Readonly<Record<Listener, number>>;
  peopleTls: boolean;
}

export interface OperationObject {
  operationId: string;
  tags: string[];
  summary?: string;
  description: string;
  parameters?: object[];
  requestBody?: object;
  responses: Record<string, object>;
  security: object[];
  servers: object[];
  'x-relais-listeners': readonly Listener[];
}

/** The port of the interface stands for a free one (0). */
const LISTENERS: Readonly<Record<Listener, { says: string; port: number }>> = {
  partners: { says: 'partenaires (certificat client)', port: 8443 },
  people: { says: 'personnes', port: 8444 },
  health: { says: 'sondes, machine seule', port: 9464 },
};

export function operationObject(
  route: Route,
  tag: string,
  operation: Operation | undefined,
  options: Listening,
): OperationObject {
  const answers = operation?.answers ?? { [route.status]: { says: 'Fait.' } };
  const parameters = parametersOf(route, operation);
  return {
    operationId: operationId(route),
    tags: [tag],
    ...(operation === undefined ? {} : { summary: operation.summary }),
    description: [
      portsOf(route, options),
      ...(operation?.description === undefined ? [] : ['', operation.description]),
    ].join('\n'),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: bodyOf(route.body, operation) } }),
    responses: { ...problemAnswers(codesOf(route, operation)), ...mapped(answers) },
    security: securityOf(route, operation),
    servers: route.listeners.map((listener) => serverOf(listener, options)),
    'x-relais-listeners': route.listeners,
  };
}

/** `messagesPost` */
function operationId({ handler }: Route): string {
  const [controller = '', name = ''] = handler.split('.');
  const subject = controller.replace(/Controller$/, '');
  return `${subject.charAt(0).toLowerCase()}${subject.slice(1)}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function parametersOf(route: Route, operation: Operation | undefined): object[] {
  const described = (operation?.parameters ?? {}) as Record<string, Schema>;
  const names = [...new Set([...route.parameters, ...Object.keys(described)])];
  const own = names.map((place) => {
    const { description, ...schema } = described[place] ?? { type: 'string' };
    const [where = '', name = ''] = place.split(':');
    return {
      name,
      in: where,
      ...(where === 'path' ? { required: true } : {}),
      ...(description === undefined ? {} : { description }),
      schema:
        '$ref' in schema || 'type' in schema || 'const' in schema || 'enum' in schema
          ? schema
          : { type: 'string', ...schema },
    };
  });
  const person = (name: string) => ({ $ref: `#/components/parameters/${name}` });
  const asksPerson = [CallerGuard, PersonGuard].some((guard) => route.guards.includes(guard));
  return [
    ...own,
    ...(asksPerson ? [person('RelaisIssuer'), person('RelaisPartner')] : []),
    ...(route.guards.includes(PersonGuard) ? [person('RelaisDelegation')] : []),
  ];
}

function bodyOf(body: NonNullable<Route['body']>, operation: Operation | undefined): object {
  if (body === 'bytes') return operation?.body ?? { '*/*': {} };
  const named = ref(body.name);
  return {
    'application/json': {
      schema: operation?.bodyRule === undefined ? named : { allOf: [named, operation.bodyRule] },
      ...(operation?.bodyExample === undefined ? {} : { example: operation.bodyExample }),
    },
  };
}

function mapped(answers: Readonly<Record<number, Answer>>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { says, content, headers }]) => [
      status,
      {
        description: says,
        ...(headers === undefined
          ? {}
          : {
              headers: Object.fromEntries(
                Object.entries(headers).map(([name, description]) => [
                  name,
                  { description, schema: { type: 'string' } },
                ]),
              ),
            }),
        ...(content === undefined
          ? {}
          : {
              content: Object.fromEntries(
                Object.entries(content).map(([type, schema]) => [
                  type,
                  Object.keys(schema).length === 0 ? {} : { schema },
                ]),
              ),
            }),
      },
    ]),
  );
}

/** One line of the list is enough; an empty list = public. */
function securityOf({ guards, listeners }: Route, operation: Operation | undefined): object[] {
  const person = [{ jeton: [] }, { session: [] }];
  if (guards.includes(PartnerGuard)) return [{ certificat: [] }];
  if (guards.includes(CallerGuard)) {
    const software = operation?.person === 'always' ? [] : [{ certificat: [] }];
    return [
      ...(listeners.includes('partners') ? [...software, { certificat: [], jeton: [] }] : []),
      ...(listeners.includes('people') ? person : []),
    ];
  }
  if (operation?.person === 'session') return [{ session: [] }];
  return guards.includes(PersonGuard) || operation?.person === 'always' ? person : [];
}

function serverOf(listener: Listener, { ports, peopleTls }: Listening): object {
  const scheme = listener === 'partners' || (listener === 'people' && peopleTls) ? 'https' : 'http';
  const { says, port } = LISTENERS[listener];
  const host = listener === 'health' ? '127.0.0.1' : 'localhost';
  return {
    url: `${scheme}://{host}:{port}`,
    description: says,
    variables: { host: { default: host }, port: { default: String(ports[listener] || port) } },
  };
}

/** The page shows no servers: who may come, and where, is said in words. */
function portsOf({ listeners }: Route, { ports }: Listening): string {
  return listeners
    .map((listener) => `**Port ${ports[listener] || LISTENERS[listener].port}**, ${LISTENERS[listener].says}`)
    .join(' · ');
}
