/** `docs/api/routes.md`: every route on one screen, from the OpenAPI document that the broker serves. */
import type { OpenApi } from '../../../broker/src/openapi/document.ts';
import type { OperationObject } from '../../../broker/src/openapi/operation-object.ts';
import { table } from './flow-page.ts';

const PORTS: Readonly<Record<string, string>> = { partners: '8443', people: '8444', health: '9464' };

export function routesPage({ paths, tags }: OpenApi): string {
  const all = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
  return [
    '# Routes',
    '',
    'Écrit d’après le code par `npm test -- test/house -u`. Le détail (paramètres, corps, réponses, exemples) est servi par',
    'Relais : `/docs` pour le lire, `/openapi.json` pour une machine, sur le port 8444. Refus : [codes](../errors.md).',
    '',
    ...tags.flatMap((tag) => {
      const { name, description } = tag as { name: string; description: string };
      const some = all.filter(({ operation }) => operation.tags.includes(name));
      return [
        `## ${name}`,
        '',
        description,
        '',
        ...table(
          ['route', 'port', 'qui', 'réponses', 'fait'],
          some.map(({ method, path, operation }) => [
            `\`${method} ${path}\``,
            operation['x-relais-listeners'].map((listener) => PORTS[listener] ?? listener).join(', '),
            who(operation),
            Object.keys(operation.responses)
              .filter((status) => status < '400')
              .join(', '),
            operation.summary ?? '',
          ]),
        ),
        '',
      ];
    }),
  ].join('\n');
}

function who({ security }: OperationObject): string {
  if (security.length === 0) return 'tous';
  const ways = security.map((one) => Object.keys(one).join(' et '));
  return [...new Set(ways)].join(', ');
}
