/** Clinical documents and their archives. */
import { createClinicalDocuments, readCda, writeCda } from '#documents';
import { CDA_WHOLE } from '../../../libs/documents/fixtures/cda.ts';
import { ORDER } from '../../../libs/documents/fixtures/order.ts';
import { inspectPdf } from '../../../libs/documents/src/pdf/inspect.ts';
import { readSubmission } from '../../../libs/documents/src/xds/read-submission.ts';
import { BINARY_WORDS, type PreparedParser, XML_WORDS } from './parser.ts';

const documents = createClinicalDocuments({ inspect: async () => [] });
const PDF = new TextEncoder().encode('%PDF-1.4 fictif');

export const DOCUMENT_PARSERS: readonly PreparedParser[] = [
  {
    name: 'CDA',
    prepare: () => ({
      samples: [writeCda(CDA_WHOLE, PDF)],
      words: [...XML_WORDS, 'nullFlavor="UNK"', '<id root="1.2"/>', 'representation="B64"'],
      runs: 2000,
      read: (bytes) => readCda(bytes),
    }),
  },
  {
    name: 'ebRIM of a submission',
    prepare: () => ({
      samples: [Buffer.from(documents.submission(ORDER).xml)],
      words: [...XML_WORDS, '^^^&1.2&ISO^NH', '^'.repeat(500)],
      runs: 1500,
      read: (bytes) => readSubmission(bytes),
    }),
  },
  {
    name: 'IHE_XDM archive',
    prepare: async () => ({
      samples: [await documents.packXdm(ORDER)],
      words: BINARY_WORDS,
      runs: 2000,
      read: (bytes) => documents.openXdm(bytes),
    }),
  },
  {
    name: 'PDF',
    prepare: () => ({
      samples: [ORDER.documents[0] ?? PDF, PDF],
      words: [
        'obj',
        'endobj',
        'stream',
        '<<',
        '>>',
        '/JS',
        '/Kids[1 0 R]',
        '('.repeat(500),
        '['.repeat(2_000),
        '<<'.repeat(2_000),
        ...BINARY_WORDS,
      ],
      read: (bytes) => inspectPdf(bytes),
    }),
  },
];
