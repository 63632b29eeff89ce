/** Refusals of a route: those of its kind (guard, body), its own, and those that any may meet. */
import type { Type } from '@nestjs/common';
import { ERROR_CODES, type ErrorCode } from '#core';
import { CallerGuard } from '../http/anyone.ts';
import { PartnerGuard } from '../http/partner.ts';
import { PersonGuard } from '../persons/person-route.ts';
import type { Operation } from './operation.ts';
import type { Route } from './routes.ts';
import { ref, type Schema, shape, text } from './schema.ts';

const ALWAYS: readonly ErrorCode[] = ['internal', 'store.unavailable'];
const BYTES: readonly ErrorCode[] = ['body.too-large', 'body.stalled', 'event.malformed'];
const JSON_BODY: readonly ErrorCode[] = [
  ...BYTES,
  'event.too-deep',
  'content.invalid',
  'media-type.unsupported',
];
const CERTIFICATE: readonly ErrorCode[] = [
  'client.unauthenticated',
  'client.foreign',
  'client.expired',
  'client.revoked',
  'client.wrong-purpose',
  'rate.exceeded',
];
const PERSON: readonly ErrorCode[] = [
  'person.unauthenticated',
  'person.means-too-weak',
  'role.not-allowed',
  'state.conflict',
  'transport.unreachable',
  'transport.bad-answer',
];

/** In the order of the closed list. */
export function codesOf(route: Route, operation: Operation | undefined): ErrorCode[] {
  const asks = (guard: Type) => route.guards.includes(guard);
  const codes: ErrorCode[] = [
    ...ALWAYS,
    ...(asks(PartnerGuard) || (asks(CallerGuard) && route.listeners.includes('partners')) ? CERTIFICATE : []),
    ...(asks(CallerGuard) || asks(PersonGuard) || operation?.person === 'session' ? PERSON : []),
    ...(asks(PersonGuard) ? (['delegation.missing'] as const) : []),
    ...(route.body === undefined ? [] : route.body === 'bytes' ? BYTES : JSON_BODY),
    ...(operation?.problems ?? []),
  ];
  return (Object.keys(ERROR_CODES) as ErrorCode[]).filter((code) => codes.includes(code));
}

/** One answer per status, with the codes that it may carry. */
export function problemAnswers(codes: readonly ErrorCode[]): Record<string, object> {
  const statuses = [...new Set(codes.map((code) => ERROR_CODES[code][0]))].sort();
  return Object.fromEntries(
    statuses.map((status) => {
      const these = codes.filter((code) => ERROR_CODES[code][0] === status);
      return [
        String(status),
        {
          description: these.map((code) => `\`${code}\` : ${ERROR_CODES[code][1]}`).join('  \n'),
          ...(status === 429 || status === 503
            ? { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } }
            : {}),
          content: {
            'application/problem+json': {
              schema: { allOf: [ref('Problem'), { properties: { code: { enum: these } } }] },
            },
          },
        },
      ];
    }),
  );
}

/** Members of a problem, also those of a refused event of a batch. */
export const problem = {
  always: {
    type: { type: 'string', format: 'uri', description: '`urn:relais:problem:<code>`' },
    title: text('le sens du code, en français'),
    status: { type: 'integer', minimum: 400, maximum: 599 },
    code: ref('ErrorCode'),
    instance: {
      type: 'string',
      format: 'uri',
      description: 'cette occurrence : la même dans le journal technique',
    },
  },
  sometimes: { detail: text(), errors: { type: 'array', items: ref('Finding') } },
};

export const problemSchemas: Readonly<Record<string, Schema>> = {
  ErrorCode: {
    type: 'string',
    enum: Object.keys(ERROR_CODES),
    description: 'Liste fermée : un code s’ajoute, il ne change jamais de nom.',
  },
  Finding: shape({
    pointer: { type: 'string', format: 'json-pointer', description: 'RFC 6901 ; vide : le tout' },
    code: text('code de la règle, par exemple `schema.required`'),
    detail: text('phrase en français, sans la valeur trouvée'),
  }),
  Problem: {
    ...shape(problem.always, problem.sometimes),
    description: 'RFC 9457. Rien de ce qui a été envoyé n’y est répété.',
  },
};
