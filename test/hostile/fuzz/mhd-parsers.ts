/** What a FHIR document server answers. */
import { createHash } from 'node:crypto';
import { createdBy } from '../../../libs/transports/src/fhir-rest/answers.ts';
import { outcomeInFrench } from '../../../libs/transports/src/fhir-rest/operation-outcome.ts';
import { acknowledgementCodes } from '../../../libs/transports/src/mhd/outcome.ts';
import { readDocument, referencesIn } from '../../../libs/transports/src/mhd/read-back.ts';
import { JSON_WORDS, type PreparedParser, utf8 } from './parser.ts';

/** of the three bytes that the Binary below holds */
const HASH = createHash('sha1').update(Buffer.alloc(3)).digest('base64');

const found = {
  resourceType: 'Bundle',
  type: 'searchset',
  entry: [
    {
      resource: {
        resourceType: 'DocumentReference',
        status: 'current',
        content: [{ attachment: { url: 'Binary/1', size: 3, hash: HASH } }],
      },
    },
  ],
};
const created = {
  resourceType: 'Bundle',
  type: 'transaction-response',
  entry: [{ response: { status: '201 Created' } }],
};
const outcome = {
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code: 'not-found', expression: ['DocumentReference.relatesTo'] }],
};

/** JSON alone is the client's affair: what does not parse never comes here. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8(bytes));
  } catch {
    return undefined;
  }
}

export const MHD_PARSERS: readonly PreparedParser[] = [
  {
    name: 'answer of a FHIR document server',
    prepare: () => ({
      samples: [found, created, outcome].map((one) => Buffer.from(JSON.stringify(one))),
      words: JSON_WORDS,
      async read(bytes) {
        const json = parsed(bytes);
        const { resourceType, type } = (json ?? {}) as { resourceType?: unknown; type?: unknown };
        acknowledgementCodes(json);
        if (resourceType === 'OperationOutcome')
          return outcomeInFrench(json as typeof outcome & { resourceType: 'OperationOutcome' });
        if (type === 'transaction-response') return createdBy(json, 1);
        const binary = { resourceType: 'Binary', data: 'AAAA' };
        const client = { request: async () => binary, baseUrl: 'https://a.example/fhir' };
        const [first] = json === undefined ? [] : referencesIn(json);
        return first && readDocument(client as never, first);
      },
    }),
  },
];
