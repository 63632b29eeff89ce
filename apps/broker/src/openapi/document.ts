/**
 * The OpenAPI 3.1 document: routes and bodies from the code, contents from the contracts, words from the chapters.
 *
 * Nest's own module for this writes schemas of 3.0, asks a decorator for each member and takes our bodies for buffers;
 * our contracts already are JSON Schema 2020-12, the schema language of 3.1.
 */
import type { Type } from '@nestjs/common';
import type { Flow } from '#core';
import { bodySchema } from './body-schema.ts';
import { contractSchemas, eventSchemas, messageBodies, type Samples, sendables } from './contract-schemas.ts';
import { type Listening, type OperationObject, operationObject } from './operation-object.ts';
import { CHAPTERS } from './operations/index.ts';
import { problemSchemas } from './problems.ts';
import { routesOf } from './routes.ts';
import type { Schema } from './schema.ts';

export interface DocumentOptions extends Listening {
  controllers: readonly Type[];
  flows: readonly Flow[];
  samples: Samples;
}

export interface OpenApi {
  openapi: '3.1.0';
  info: object;
  tags: object[];
  paths: Record<string, Record<string, OperationObject>>;
  components: {
    schemas: Record<string, Schema>;
    securitySchemes: object;
    headers: object;
    parameters: object;
  };
}

export function openApiDocument(options: DocumentOptions): OpenApi {
  const routes = routesOf(options.controllers);
  const objects = sendables(options.flows, options.samples);
  const operations = Object.fromEntries(
    CHAPTERS.flatMap(({ tag, operations: some }) =>
      Object.entries(some).map(([name, operation]) => [name, { tag, operation }]),
    ),
  );
  const paths: OpenApi['paths'] = {};
  const bodies = new Map<string, Schema>();
  for (const route of routes) {
    const { tag = 'Autres', operation } = operations[`${route.method} ${route.path}`] ?? {};
    const written = operationObject(route, tag, operation, options);
    if (typeof route.body === 'function') {
      bodies.set(route.body.name, bodySchema(route.body));
    }
    if (route.path === '/v1/messages' && route.method === 'POST') {
      written.requestBody = { required: true, content: messageBodies(objects) };
    }
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: written };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Relais',
      version: '1',
      description: [
        'Courtier d’échanges de la santé au travail. Refus : `application/problem+json`, un code d’une liste fermée.',
        'Instants en UTC, identifiants en UUIDv7. Ce qui n’est pas connu d’un lecteur peut s’ajouter à une réponse.',
      ].join(' '),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: CHAPTERS.map(({ tag, says }) => ({ name: tag, description: says })),
    paths,
    components: {
      schemas: {
        ...Object.assign({}, ...CHAPTERS.map(({ schemas }) => schemas)),
        ...problemSchemas,
        ...Object.fromEntries(bodies),
        ...eventSchemas(objects),
        ...contractSchemas(options.flows),
      },
      securitySchemes: {
        certificat: {
          type: 'mutualTLS',
          description:
            'Certificat client d’un partenaire : TLS 1.2 au moins, chaîne, dates, usage et révocation vérifiés.',
        },
        jeton: {
          type: 'http',
          scheme: 'bearer',
          description:
            'Jeton d’accès de Pro Santé Connect ou du fournisseur du service ; `Relais-Issuer` nomme ce dernier.',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: options.peopleTls ? '__Host-relais-session' : 'relais-session',
          description: 'Posé par `/auth/login`. Un changement doit venir des pages de Relais.',
        },
      },
      parameters: {
        RelaisIssuer: personHeader(
          'Relais-Issuer',
          'qui a émis le jeton (`/auth/issuers`) ; `psc` par défaut',
        ),
        RelaisPartner: personHeader('Relais-Partner', 'pour quel service j’agis, si j’exerce dans plusieurs'),
        RelaisDelegation: personHeader('Relais-Delegation', 'sous quelle délégation, s’il y en a plusieurs'),
      },
      headers: { RetryAfter: { description: 'secondes', schema: { type: 'integer', minimum: 1 } } },
    },
  };
}

function personHeader(name: string, description: string): object {
  return { name, in: 'header', description, schema: { type: 'string' } };
}
