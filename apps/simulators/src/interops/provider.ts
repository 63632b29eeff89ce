/** An organisation's own service, which Relais calls: it believes nothing that it did not verify, and can misbehave. */
import { createHash, createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Dicer } from '@fastify/busboy';
import { decrypt } from 'xml-encryption';
import { type Seal, signed, verified } from './sign.ts';
import { escaped } from './vector.ts';
import { find, named } from './xml.ts';

export interface Received {
  /** SIRET of the service that spoke, from the issuer of its vector */
  siret: string;
  vector: string;
  pagm: string[];
  id: string;
  flow: string;
  object: string;
  key: string | undefined;
  attempt: number;
  contents: { mediaType: string; bytes: Buffer }[];
  /** content lay beside the envelope */
  beside: boolean;
  encrypted: boolean;
  /** the envelope as it came */
  xml: string;
}

export interface ProviderOptions {
  tls: { cert: string; key: string; ca: string };
  /** signs its answers when `signedAnswers` */
  seal: Seal;
  signedAnswers?: boolean;
  /** what its convention says of Relais' vectors */
  audience: string;
  recipient: string;
  /** authority (PEM) of the seals of services */
  authority: string;
  /** PEM private key that Body is encrypted to */
  encryptionKey?: string;
  /** answers at once, or keeps the answer until it is asked for */
  answer?: (received: Received) => Promise<{ object: string; json: unknown; later?: boolean } | undefined>;
  port?: number;
}

/** How the next calls are answered wrongly. */
export type ProviderMood =
  | { is: 'well' }
  | { is: 'fault'; subcode: string; by?: 'Sender' | 'Receiver' }
  | { is: 'down' }
  | { is: 'unsigned' }
  | { is: 'another-vector' }
  | { is: 'gibberish' }
  | { is: 'doctype' };

export interface InteropsProvider {
  endpoint: string;
  received: readonly Received[];
  /** vectors that it refused, with why */
  refused: readonly string[];
  acknowledged: readonly string[];
  mood(mood: ProviderMood): void;
  close(): Promise<void>;
}

interface Kept {
  delivery: string;
  key: string;
  type: string;
  json: unknown;
}

const SOAP = 'http://www.w3.org/2003/05/soap-envelope';
const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';

export async function startInteropsProvider(options: ProviderOptions): Promise<InteropsProvider> {
  const received: Received[] = [];
  const refused: string[] = [];
  const acknowledged: string[] = [];
  const kept: Kept[] = [];
  const seen = new Set<string>();
  let mood: ProviderMood = { is: 'well' };

  const server: Server = createServer(
    { ...options.tls, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        answer(request.headers['content-type'] ?? '', Buffer.concat(chunks)).then(
          ({ status, xml }) =>
            response.writeHead(status, { 'content-type': 'application/soap+xml; charset=utf-8' }).end(xml),
          (error: unknown) => {
            refused.push((error as Error).message);
            response
              .writeHead(400, { 'content-type': 'application/soap+xml; charset=utf-8' })
              .end(fault('Sender', 'wsse:FailedCheck'));
          },
        );
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));

  async function answer(contentType: string, body: Buffer): Promise<{ status: number; xml: string }> {
    if (mood.is === 'down') return { status: 503, xml: '' };
    if (mood.is === 'fault') return { status: 400, xml: fault(mood.by ?? 'Sender', mood.subcode) };
    if (mood.is === 'gibberish') return { status: 200, xml: '<a>' };
    const { envelope, parts } = await opened(contentType, body);
    const call = await believed(envelope);
    if (seen.has(call.vector)) throw new Error('vecteur déjà vu');
    seen.add(call.vector);
    const xml = await operation(call, parts, envelope);
    if (mood.is === 'doctype') return { status: 200, xml: `<!DOCTYPE a>${xml}` };
    return { status: 200, xml };
  }

  /** Every check that a strict provider makes. */
  async function believed(
    xml: string,
  ): Promise<{ vector: string; siret: string; pagm: string[]; body: string; encrypted: boolean }> {
    const [ofAssertion] = find(xml, `${named('Assertion')}/*[local-name()='Signature']`);
    const [ofMessage] = find(xml, `${named('Security')}/*[local-name()='Signature']`);
    if (ofAssertion === undefined || ofMessage === undefined) throw new Error('non signé');
    const pem = certificateIn(ofAssertion.xml);
    const authority = new X509Certificate(options.authority);
    if (!new X509Certificate(pem).verify(authority.publicKey)) throw new Error('certificat étranger');
    const [assertion] = verified(xml, ofAssertion.xml, pem) ?? [];
    if (assertion === undefined) throw new Error('signature du vecteur fausse');
    const parts = verified(xml, ofMessage.xml, pem);
    const body = parts?.find((one) => one.startsWith('<soap:Body'));
    if (parts === undefined || parts.length !== 3 || body === undefined)
      throw new Error('signature du message fausse');
    const value = (name: string) =>
      new RegExp(`<saml2:${name}(?: [^>]*)?>([^<]*)<`).exec(assertion)?.[1] ?? '';
    const attribute = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(assertion)?.[1] ?? '';
    if (value('Audience') !== options.audience) throw new Error('autre audience');
    if (attribute('Recipient') !== options.recipient) throw new Error('autre fournisseur');
    if (
      Date.parse(attribute('NotOnOrAfter')) <= Date.now() ||
      Date.parse(attribute('NotBefore')) > Date.now()
    )
      throw new Error('hors de ses dates');
    const pagm = [...assertion.matchAll(/<saml2:AttributeValue[^>]*>([^<]*)</g)].map(
      ([, name]) => name ?? '',
    );
    if (pagm.length === 0) throw new Error('aucun PAGM');
    const encrypted = body.includes('EncryptedData');
    const clear = encrypted ? await decrypted(body) : body;
    return {
      vector: attribute('ID'),
      siret: value('Issuer').split(':')[2] ?? '',
      pagm,
      body: clear,
      encrypted,
    };
  }

  async function decrypted(body: string): Promise<string> {
    const key = options.encryptionKey;
    if (key === undefined) throw new Error('chiffré pour un autre');
    const data = /<xenc:EncryptedData[\s\S]*<\/xenc:EncryptedData>/.exec(body)?.[0] ?? '';
    const clear = await new Promise<string>((resolve, reject) => {
      decrypt(
        data,
        { key: createPrivateKey(key).export({ type: 'pkcs8', format: 'pem' }) as string },
        (error, result) => (error === null ? resolve(result ?? '') : reject(new Error('chiffrement faux'))),
      );
    });
    return body.replace(data, () => clear);
  }

  async function operation(
    call: Awaited<ReturnType<typeof believed>>,
    parts: ReadonlyMap<string, Buffer>,
    envelope: string,
  ): Promise<string> {
    const all = (name: string) => find(call.body, named(name));
    const one = (name: string) => all(name)[0]?.text;
    const name = find(call.body, '/*')[0]?.children[0] ?? '';
    if (name === 'Interroger') {
      const key = one('CleReconciliation');
      const waiting = kept.filter((each) => each.key === key && !acknowledged.includes(each.delivery));
      return finished(call.vector, 'InterrogerReponse', waiting.map(remise).join(''));
    }
    if (name === 'Accuser') {
      acknowledged.push(one('Remise') ?? '');
      return finished(call.vector, 'AccuserReponse', element('Remise', one('Remise') ?? ''));
    }
    const contents = all('Contenu').map((content) => {
      const include = content.first('Include');
      const bytes =
        include === undefined
          ? Buffer.from(content.text, 'base64')
          : (parts.get(decodeURIComponent(include.attribute('href').slice(4))) ?? Buffer.alloc(0));
      const digest = `sha-256:${createHash('sha256').update(bytes).digest('hex')}`;
      if (digest !== content.attribute('empreinte')) throw new Error('empreinte fausse');
      return { mediaType: content.attribute('typeMedia'), bytes };
    });
    const got: Received = {
      siret: call.siret,
      vector: call.vector,
      pagm: call.pagm,
      id: one('Identifiant') ?? '',
      flow: one('Flux') ?? '',
      object: one('Objet') ?? '',
      key: one('CleReconciliation'),
      attempt: Number(one('Tentative') ?? 1),
      contents,
      beside: parts.size > 0,
      encrypted: call.encrypted,
      xml: envelope,
    };
    const result = await options.answer?.(got);
    received.push(got);
    if (result?.later === true)
      kept.push({
        delivery: randomUUID(),
        key: got.key ?? '',
        type: `fr.relais-st.${got.flow}.${result.object}.v1`,
        json: result.json,
      });
    const atOnce =
      result === undefined || result.later === true
        ? ''
        : `<io:Resultat>${element('Objet', result.object)}${contentOf(result.json)}</io:Resultat>`;
    const inside = [
      element('Message', randomUUID()),
      element('Statut', 'accepte'),
      element('RecuLe', new Date().toISOString()),
      element(
        'Empreinte',
        `sha-256:${createHash('sha256')
          .update(contents[0]?.bytes ?? '')
          .digest('hex')}`,
      ),
      atOnce,
    ];
    return finished(call.vector, 'TransmettreReponse', inside.join(''));
  }

  function finished(vector: string, name: string, inside: string): string {
    const answered = mood.is === 'another-vector' ? randomUUID() : vector;
    const body = `<io:${name} xmlns:io="urn:relais:interops:1" vecteur="${answered}">${inside}</io:${name}>`;
    if (options.signedAnswers !== true || mood.is === 'unsigned')
      return `<soap:Envelope xmlns:soap="${SOAP}"><soap:Body>${body}</soap:Body></soap:Envelope>`;
    const now = new Date();
    const xml = [
      `<soap:Envelope xmlns:soap="${SOAP}" xmlns:wsu="${WSU}"><soap:Header>`,
      `<wsse:Security xmlns:wsse="${WSSE}"><wsu:Timestamp wsu:Id="ts"><wsu:Created>${now.toISOString()}</wsu:Created>`,
      `<wsu:Expires>${new Date(now.getTime() + 300_000).toISOString()}</wsu:Expires></wsu:Timestamp></wsse:Security>`,
      `</soap:Header><soap:Body wsu:Id="corps">${body}</soap:Body></soap:Envelope>`,
    ].join('');
    const at = { reference: `/*/*/*[local-name()='Security']`, action: 'append' as const };
    return signed(xml, { seal: options.seal, ids: ['ts', 'corps'], at });
  }

  return {
    endpoint: `https://localhost:${(server.address() as AddressInfo).port}/interops`,
    received,
    refused,
    acknowledged,
    mood: (next) => {
      mood = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function remise({ delivery, json, key, type }: Kept): string {
  return [
    '<io:Remise>',
    element('Livraison', delivery),
    element('Message', `reponse-${delivery}`),
    element('Type', type),
    element('Emetteur', 'organisme'),
    element('CleReconciliation', key),
    element('Tentative', '1'),
    contentOf(json),
    '</io:Remise>',
  ].join('');
}

function contentOf(json: unknown): string {
  const bytes = Buffer.from(JSON.stringify(json));
  const digest = createHash('sha256').update(bytes).digest('hex');
  return `<io:Contenu typeMedia="application/json" empreinte="sha-256:${digest}">${bytes.toString('base64')}</io:Contenu>`;
}

const element = (name: string, value: string) => `<io:${name}>${escaped(value)}</io:${name}>`;

function fault(by: string, subcode: string): string {
  return [
    `<soap:Envelope xmlns:soap="${SOAP}" xmlns:wsse="${WSSE}" xmlns:vi="urn:iops:vi:faultcodes"><soap:Body><soap:Fault>`,
    `<soap:Code><soap:Value>soap:${by}</soap:Value><soap:Subcode><soap:Value>${subcode}</soap:Value></soap:Subcode></soap:Code>`,
    '<soap:Reason><soap:Text xml:lang="fr">refus</soap:Text></soap:Reason></soap:Fault></soap:Body></soap:Envelope>',
  ].join('');
}

function certificateIn(signature: string): string {
  const base64 = /X509Certificate>([^<]+)</.exec(signature)?.[1]?.replace(/\s/g, '') ?? '';
  return new X509Certificate(Buffer.from(base64, 'base64')).toString();
}

function opened(
  contentType: string,
  body: Buffer,
): Promise<{ envelope: string; parts: ReadonlyMap<string, Buffer> }> {
  const boundary = /boundary="?([^";]+)/.exec(contentType)?.[1];
  if (!contentType.startsWith('multipart/related') || boundary === undefined)
    return Promise.resolve({ envelope: body.toString('utf8'), parts: new Map() });
  return new Promise((resolve, reject) => {
    const parts = new Map<string, Buffer>();
    let envelope: string | undefined;
    const dicer = new Dicer({ boundary });
    dicer.on('part', (part) => {
      const chunks: Buffer[] = [];
      let id = '';
      part.on('header', (header) => {
        id = ((header as Record<string, string[]>)['content-id']?.[0] ?? '').replace(/^<|>$/g, '');
      });
      part.on('data', (chunk: Buffer) => chunks.push(chunk));
      part.on('end', () => {
        if (envelope === undefined) envelope = Buffer.concat(chunks).toString('utf8');
        else parts.set(id, Buffer.concat(chunks));
      });
    });
    dicer.on('finish', () => resolve({ envelope: envelope ?? '', parts }));
    dicer.on('error', reject);
    dicer.end(body);
  });
}
