/** Answers of services and of partners' servers. */

import { parseJson } from '#core';
import { readAcknowledgement } from '../../../apps/broker/src/channels/sftp-acknowledgements/acknowledgement-body.ts';
import { organization } from '../../../apps/simulators/src/annuaire/organization.ts';
import { serviceOf } from '../../../libs/identity/src/annuaire/organization.ts';
import { readAnswer, readFault } from '../../../libs/identity/src/insi/read-answer.ts';
import { readVerification, VERIFICATION_FORM } from '../../../libs/identity/src/insi/verification.ts';
import {
  isOperationOutcome,
  outcomeInFrench,
} from '../../../libs/transports/src/fhir-rest/operation-outcome.ts';
import { readAutoconfig } from '../../../libs/transports/src/mssante/autoconfig.ts';
import { writeMtom } from '../../../libs/transports/src/soap/mtom.ts';
import { readSoapMessage } from '../../../libs/transports/src/soap/multipart.ts';
import { OUR_EXISTENCE_FORM } from '../../../libs/transports/src/xds-b/existence.ts';
import { readBody, registryResponse } from '../../../libs/transports/src/xds-b/read-answer.ts';
import { JSON_WORDS, latin1, MIME_WORDS, type PreparedParser, XML_WORDS } from './parser.ts';

const SOAP = 'http://www.w3.org/2003/05/soap-envelope';
const NIR = '1.2.250.1.213.1.4.8';
const INSI = `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="${SOAP}"><soap:Body><RESULTAT xmlns="http://www.cnamts.fr/INSiResultat"><CR><CodeCR>00</CodeCR><LibelleCR>OK</LibelleCR></CR><INDIVIDU><INSACTIF><IdIndividu><NumIdentifiant>2751263220749</NumIdentifiant><Cle>74</Cle></IdIndividu><OID>${NIR}</OID></INSACTIF><TIQ><NomNaissance>ADRUN</NomNaissance><ListePrenom>ZOE LOU</ListePrenom><Sexe>F</Sexe><DateNaissance>1975-12-31</DateNaissance></TIQ></INDIVIDU></RESULTAT></soap:Body></soap:Envelope>`;
const REGREP = 'urn:oasis:names:tc:ebxml-regrep';
const REGISTRY = (status: string, inside = '') =>
  `<s:Envelope xmlns:s="${SOAP}"><s:Body><rs:RegistryResponse xmlns:rs="${REGREP}:xsd:rs:3.0" status="${REGREP}:ResponseStatusType:${status}">${inside}</rs:RegistryResponse></s:Body></s:Envelope>`;
const ERROR = `<rs:RegistryErrorList><rs:RegistryError errorCode="XDSRepositoryError" severity="${REGREP}:ErrorSeverityType:Error"/></rs:RegistryErrorList>`;
const AUTOCONFIG = `<?xml version="1.0" encoding="UTF-8"?><clientConfig version="1.1"><emailProvider id="essai.mssante.fr"><domain>essai.mssante.fr</domain><incomingServer type="imap"><hostname>imap.essai.mssante.fr</hostname><port>143</port><socketType>STARTTLS</socketType></incomingServer><outgoingServer type="smtp"><hostname>smtp.essai.mssante.fr</hostname><port>587</port><socketType>STARTTLS</socketType></outgoingServer></emailProvider></clientConfig>`;
const EXISTENCE = `<s:Envelope xmlns:s="${SOAP}"><s:Body><e:DossierStateResponse xmlns:e="urn:relais:dmp-existence:1" state="active"/></s:Body></s:Envelope>`;

const LISTED = {
  ...{ name: 'Service fictif', finess: '990000011', siret: '99000000300013', certificate: '3082' },
  mailboxes: [{ address: 'a@test.mssante.fr', type: 'ORG' }],
};

/** First line: the content type; the rest: the body. Both come from outside. */
function answerIn(bytes: Uint8Array): { contentType: string; bytes: Uint8Array } {
  const end = Math.max(bytes.indexOf(0x0a), 0);
  return { contentType: latin1(bytes.subarray(0, end)), bytes: bytes.subarray(end + 1) };
}

const soap = (xml: string) => Buffer.from(`application/soap+xml; charset=UTF-8\n${xml}`);

async function mtom(xml: string): Promise<Uint8Array> {
  const parts = [{ contentId: 'a@relais', bytes: Buffer.from('fictif') }];
  const { contentType, body } = await writeMtom(xml, 'urn:essai', parts);
  return Buffer.concat([Buffer.from(`${contentType}\n`), body]);
}

export const SERVICE_PARSERS: readonly PreparedParser[] = [
  {
    name: 'INSi answers',
    prepare: () => ({
      samples: [Buffer.from(INSI), Buffer.from(INSI.replace('<INDIVIDU>', '<!-- --><INDIVIDU>'))],
      words: [...XML_WORDS, '<CodeCR>02</CodeCR>', '1975-31-00', '<soap:Fault>'],
      runs: 2500,
      read: (bytes) => [readFault(bytes), readAnswer(bytes, new Set([NIR]))],
    }),
  },
  {
    name: 'INSi verifications',
    prepare: () => ({
      samples: [
        Buffer.from(JSON.stringify({ form: VERIFICATION_FORM, results: [{ ref: 'a', confirmed: true }] })),
      ],
      words: JSON_WORDS,
      runs: 2500,
      read: (bytes) => readVerification(bytes, ['a']),
    }),
  },
  {
    name: 'MTOM',
    prepare: async () => {
      const sample = await mtom(REGISTRY('Success'));
      const boundary = /boundary="?([^";\n]+)/.exec(latin1(sample))?.[1] ?? '';
      const part = `\r\n--${boundary}\r\nContent-Id: <b@relais>\r\n\r\nfictif`;
      return {
        samples: [sample, soap(REGISTRY('Success'))],
        words: [...MIME_WORDS, part, part.repeat(40), `\r\n--${boundary}`, `\r\n--${boundary}--`],
        runs: 2000,
        read: (bytes) => readSoapMessage(answerIn(bytes).contentType, answerIn(bytes).bytes),
      };
    },
  },
  {
    name: 'answers of the DMP',
    prepare: async () => ({
      samples: [soap(REGISTRY('Success')), soap(REGISTRY('Failure', ERROR)), await mtom(REGISTRY('Success'))],
      words: [...XML_WORDS, '<s:Fault>', 'Warning'],
      runs: 2500,
      read: (bytes) => readBody(answerIn(bytes), registryResponse),
    }),
  },
  {
    name: 'existence of a DMP',
    prepare: () => ({
      samples: [soap(EXISTENCE)],
      words: XML_WORDS,
      read: (bytes) => OUR_EXISTENCE_FORM.read(answerIn(bytes)),
    }),
  },
  {
    name: 'mail autoconfiguration',
    prepare: () => ({
      samples: [Buffer.from(AUTOCONFIG)],
      words: [...XML_WORDS, '127.0.0.1', '<port>', 'encoding="utf-16"'],
      runs: 2500,
      read: (bytes) => readAutoconfig(bytes),
    }),
  },
  {
    name: 'FHIR outcomes',
    prepare: () => ({
      samples: [
        Buffer.from(
          '{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"required","expression":["Bundle.entry[0]"]}]}',
        ),
      ],
      words: JSON_WORDS,
      runs: 2500,
      read: (bytes) => {
        const json = parseJson(bytes);
        return isOperationOutcome(json) ? outcomeInFrench(json) : undefined;
      },
    }),
  },
  {
    name: 'SFTP acknowledgements',
    prepare: () => ({
      samples: [
        Buffer.from(
          '{"format":"relais-ack/1","messageId":"m","deliveryId":"d","outcome":"filed","acknowledgement":{"outcome":"accepted","items":[]}}',
        ),
      ],
      words: [...JSON_WORDS, '"__proto__":{}', '"outcome":"refused"'],
      runs: 2500,
      read: (bytes) => readAcknowledgement(bytes),
    }),
  },
  {
    name: 'structures of the Annuaire Santé',
    prepare: () => ({
      samples: [Buffer.from(JSON.stringify(organization(LISTED)))],
      words: [...JSON_WORDS, '"extension":[null]', '"coding":{}', '"telecom":[[]]', '"valueAttachment":1'],
      runs: 2500,
      read: (bytes) => serviceOf(parseJson(bytes), '2026-11-22T08:00:00.000Z'),
    }),
  },
];
