/** Shape of the partners file, JSON Schema 2020-12. What a schema cannot say is in partners-file.ts. */
import type { PartnerKind, TransportName } from '#core';

const kinds = [
  ...(['spsti', 'insi', 'hdh', 'esms', 'dmp', 'dares', 'dgafp', 'spf'] as const),
  ...(['gis-evrest', 'cnam', 'cnam-medical', 'portal', 'dgt', 'internal'] as const),
] as const satisfies readonly PartnerKind[];
const transports = [
  ...(['https', 'mailbox', 'amqp', 'insi', 'portal', 'fhir'] as const),
] as const satisfies readonly TransportName[];

const text = { type: 'string', minLength: 1, maxLength: 500 };
const instant = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' };
const pems = { type: 'array', items: { $ref: '#/$defs/pem' }, minItems: 1 };
const pair = closed({ certificate: { $ref: '#/$defs/pem' }, key: { $ref: '#/$defs/pem' } });

/** An object with these members and no other; those not in `optional` are required. */
function closed(properties: Record<string, object>, optional: readonly string[] = []) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', additionalProperties: false, properties, required };
}

export const PARTNERS_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...closed({ partners: { type: 'array', items: { $ref: '#/$defs/partner' } } }),
  $defs: {
    /** inline, or the path of a file relative to the partners file */
    pem: { ...closed({ file: text }), type: ['string', 'object'], pattern: '^-----BEGIN ' },
    partner: closed(
      {
        id: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,62}$' },
        kind: { enum: kinds },
        name: text,
        siret: { type: 'string', pattern: '^[0-9]{14}$' },
        client: closed({ issuer: text, subject: text }),
        flows: { type: 'array', items: { type: 'string', pattern: '^[a-z][a-z0-9-]*$' }, uniqueItems: true },
        transport: { enum: transports },
        endpoint: { type: 'string', pattern: '^https://[^/?#@\\s]+([/?][^#\\s]*)?$' },
        keys: closed({ enc: pems, 'enc-h': pems }, ['enc', 'enc-h']),
        mandate: closed(
          {
            insi: closed({ auto: pair, manu: pair, idam: text, emitter: text, from: instant, to: instant }, [
              'auto',
              'manu',
            ]),
          },
          ['insi'],
        ),
        staffIssuer: closed({ issuer: { type: 'string', pattern: '^https?://[^\\s#]+$' }, acr: text }),
        rate: { type: 'integer', minimum: 1 },
        requestsAtOnce: { type: 'integer', minimum: 1 },
        megabytesAtOnce: { type: 'integer', minimum: 1 },
      },
      ['siret', 'client', 'endpoint', 'mandate', 'staffIssuer', 'rate', 'requestsAtOnce', 'megabytesAtOnce'],
    ),
  },
} as const;
