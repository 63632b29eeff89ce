/** Shape of the partners file, JSON Schema 2020-12. What a schema cannot say is in partners-file.ts. */
import { CHANNELS, type ChannelName, type PartnerKind, type TransportName } from '#core';
import { dmpChannel, dmpMandate, mhdChannel } from './channels/dmp.ts';
import { interopsChannel } from './channels/interops.ts';
import { mailboxMandate, mssanteChannel } from './channels/mssante.ts';
import { sealMandate } from './channels/seal.ts';
import { sftpChannel } from './channels/sftp.ts';
import { closed, instant, text } from './channels/shapes.ts';

const kinds = [
  ...(['spsti', 'insi', 'hdh', 'esms', 'dmp', 'dares', 'dgafp', 'spf'] as const),
  ...(['gis-evrest', 'cnam', 'cnam-medical', 'portal', 'dgt', 'internal'] as const),
] as const satisfies readonly PartnerKind[];
const transports = [
  ...(['https', 'mailbox', 'amqp', 'insi', 'portal', 'fhir'] as const),
  ...CHANNELS,
] as const satisfies readonly TransportName[];

const pems = { type: 'array', items: { $ref: '#/$defs/pem' }, minItems: 1 };
const pair = closed({ certificate: { $ref: '#/$defs/pem' }, key: { $ref: '#/$defs/pem' } });

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
        channels: closed(
          {
            mssante: mssanteChannel,
            'xds-b': dmpChannel,
            mhd: mhdChannel,
            'interops-soap': interopsChannel,
            sftp: sftpChannel,
          } satisfies Record<ChannelName, object>,
          CHANNELS,
        ),
        pages: { type: 'boolean' },
        automaticRelease: { type: 'boolean' },
        keys: closed({ enc: pems, 'enc-h': pems }, ['enc', 'enc-h']),
        mandate: closed(
          {
            insi: closed({ auto: pair, manu: pair, idam: text, emitter: text, from: instant, to: instant }, [
              'auto',
              'manu',
            ]),
            mailbox: mailboxMandate,
            seal: sealMandate,
            dmp: dmpMandate,
          },
          ['insi', 'mailbox', 'seal', 'dmp'],
        ),
        staffIssuer: closed(
          {
            issuer: { type: 'string', pattern: '^https?://[^\\s#]+$' },
            acr: text,
            oneTimeCode: { type: 'boolean' },
            approved: text,
          },
          ['oneTimeCode', 'approved'],
        ),
        vigilance: closed({ fourEyes: { type: 'boolean' } }),
        rate: { type: 'integer', minimum: 1 },
        requestsAtOnce: { type: 'integer', minimum: 1 },
        megabytesAtOnce: { type: 'integer', minimum: 1 },
      },
      [
        'siret',
        'client',
        'endpoint',
        'channels',
        'pages',
        'automaticRelease',
        'mandate',
        'staffIssuer',
        'vigilance',
        'rate',
        'requestsAtOnce',
        'megabytesAtOnce',
      ],
    ),
  },
} as const;
