/**
 * Functional acknowledgement: what a recipient did with what it was sent, beyond having received it. The same shape in
 * every flow; the codes are each flow's own.
 */
import type { Content, ObjectContract } from '../contract.ts';
import type { PartnerKind } from '../partner.ts';

export interface Acknowledgement {
  outcome: 'accepted' | 'partial' | 'refused';
  /** the recipient's own reference: document id, deposit number */
  reference?: string;
  counts?: { received: number; accepted: number; refused: number };
  /** line or member concerned, and the recipient's code for it */
  items: { pointer?: string; line?: number; code: string }[];
}

/** @param codes closed list of what the recipient may say */
export function acknowledgementSchema(codes: readonly string[]): object {
  const count = { type: 'integer', minimum: 0, maximum: 100_000_000 };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Accusé fonctionnel',
    type: 'object',
    additionalProperties: false,
    required: ['outcome', 'items'],
    properties: {
      outcome: { enum: ['accepted', 'partial', 'refused'] },
      reference: { type: 'string', minLength: 1, maxLength: 80, pattern: '^[A-Za-z0-9._:/-]+$' },
      counts: {
        type: 'object',
        additionalProperties: false,
        required: ['received', 'accepted', 'refused'],
        properties: { received: count, accepted: count, refused: count },
      },
      items: {
        type: 'array',
        maxItems: 10_000,
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['code'],
          properties: {
            pointer: { type: 'string', maxLength: 400, pattern: '^(/[^/]*)*$' },
            line: { type: 'integer', minimum: 1, maximum: 100_000_000 },
            code: { enum: codes },
          },
        },
      },
    },
  };
}

/** The object by which the recipients of a flow acknowledge to whoever sent. Its schema is named `acknowledgement`. */
export function acknowledgementObject(
  title: string,
  from: readonly PartnerKind[],
  to: readonly PartnerKind[],
): ObjectContract {
  return {
    title,
    major: 1,
    senders: from,
    recipients: { kinds: to, max: 1 },
    mediaTypes: ['application/json'],
    schema: 'acknowledgement',
    maxBytes: 4_194_304,
    priority: 'interactive',
    identity: 'none',
    gates: [],
    afterCheck: { shapes: ['ins', 'email', 'phone'], except: [] },
    transform: { at: 'none', removes: [] },
    transformLabel: 'aucune',
    requires: ['correlationid'],
    answers: true,
    acknowledges: true,
    lifeHours: 720,
    replayDays: 30,
    retention: { sealedUntil: 'received', sealedDays: 30 },
    audience: 'enc',
  };
}

/** `publicRefusal` of an acknowledgement: the recipient's first code when it took nothing. */
export function refusedBy({ json }: Content): string | undefined {
  const { outcome, items } = json as Acknowledgement;
  return outcome === 'refused' ? (items[0]?.code ?? 'refused') : undefined;
}
