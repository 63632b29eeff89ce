/** MIME entities around CMS (RFC 8551 3), written by nodemailer and split by mailsplit: bytes stay as they came. */
import mailsplit from '@zone-eu/mailsplit';
import MimeNode from 'nodemailer/lib/mime-node';
import { CmsRefusal } from './cms-refusal.ts';

export type SmimeType = 'signed-data' | 'enveloped-data' | 'authEnveloped-data';

/** An entity without the headers of a message, lines ended by CRLF. */
export async function cmsEntity(der: Uint8Array, type: SmimeType): Promise<Buffer> {
  const contentType = `application/pkcs7-mime; smime-type=${type}; name=smime.p7m`;
  // a child: a root would be given a date and a message id of its own
  const entity = new MimeNode('multipart/mixed').createChild(contentType);
  entity.setHeader({
    'Content-Transfer-Encoding': 'base64',
    'Content-Disposition': 'attachment; filename=smime.p7m',
  });
  return entity.setContent(Buffer.from(der)).build();
}

/** CMS inside an entity; `detached` is the first part of a multipart/signed, to the byte. */
export interface CmsPart {
  der: Uint8Array;
  detached?: Uint8Array;
}

const PKCS7_MIME = /^application\/(x-)?pkcs7-mime$/;
const PKCS7_SIGNATURE = /^application\/(x-)?pkcs7-signature$/;

interface Piece {
  type: 'node' | 'body' | 'data';
  node: Node;
  bytes: Buffer;
}
interface Node {
  contentType: string | false;
  encoding: string | false;
  parentNode: Node | false;
}

/** @throws CmsRefusal when it is neither one CMS part nor a multipart/signed of two */
export async function readCmsEntity(mime: Uint8Array): Promise<CmsPart> {
  const pieces = await split(mime);
  const nodes = pieces.filter(({ type }) => type === 'node').map(({ node }) => node);
  const [root, ...parts] = nodes;
  if (root === undefined) throw new CmsRefusal();
  if (PKCS7_MIME.test(typeOf(root)) && parts.length === 0) return { der: contentOf(root, pieces) };
  if (typeOf(root) !== 'multipart/signed') throw new CmsRefusal();
  const [signed, signature, other] = parts.filter(({ parentNode }) => parentNode === root);
  if (signed === undefined || signature === undefined || other !== undefined) throw new CmsRefusal();
  if (!PKCS7_SIGNATURE.test(typeOf(signature))) throw new CmsRefusal();
  return { der: contentOf(signature, pieces), detached: wholeOf(signed, root, pieces) };
}

async function split(mime: Uint8Array): Promise<Piece[]> {
  const splitter = new mailsplit.Splitter({ maxChildNodes: 100 });
  splitter.end(Buffer.from(mime));
  const pieces: Piece[] = [];
  try {
    for await (const one of splitter)
      if (one.type === 'node') pieces.push({ type: 'node', node: one, bytes: one.getHeaders() });
      else if (one.type === 'body' || one.type === 'data')
        pieces.push({ type: one.type, node: one.node, bytes: one.value });
  } catch (error) {
    throw new CmsRefusal(error);
  }
  return pieces;
}

function typeOf({ contentType }: Node): string {
  return contentType === false ? '' : contentType.toLowerCase();
}

function contentOf(node: Node, pieces: readonly Piece[]): Uint8Array {
  const body = pieces.filter((one) => one.type === 'body' && one.node === node).map(({ bytes }) => bytes);
  const content = Buffer.concat(body);
  const encoding = node.encoding === false ? '7bit' : node.encoding.toLowerCase();
  if (encoding === 'base64') return Buffer.from(content.toString('latin1'), 'base64');
  if (encoding === 'binary' || encoding === '8bit') return content;
  throw new CmsRefusal();
}

/** From its headers to the delimiter of its parent, whose line it does not own the start of. */
function wholeOf(part: Node, parent: Node, pieces: readonly Piece[]): Uint8Array {
  const start = pieces.findIndex(({ type, node }) => type === 'node' && node === part);
  const delimiter = ({ type, node }: Piece) =>
    type === 'data' && node !== part && (node === parent || node.parentNode === parent);
  const length = pieces.slice(start).findIndex(delimiter);
  const inside = pieces.slice(start, length < 0 ? undefined : start + length);
  const whole = Buffer.concat(inside.map(({ bytes }) => bytes));
  // the splitter takes the line end off a body, not off what follows the last part of an inner multipart
  const ended = inside.at(-1)?.type !== 'body' && whole.subarray(-2).toString('latin1') === '\r\n';
  return ended ? whole.subarray(0, -2) : whole;
}
