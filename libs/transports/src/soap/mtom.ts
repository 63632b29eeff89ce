/** MTOM (SOAP with XOP): the envelope and its binary parts in one multipart/related body (RFC 2387, W3C XOP 1.0). */
import MimeNode from 'nodemailer/lib/mime-node';

export interface MtomPart {
  /** without its angle brackets */
  contentId: string;
  bytes: Uint8Array;
}

export interface MtomMessage {
  /** of the HTTP request */
  contentType: string;
  body: Buffer;
}

const ROOT = 'root@relais';
const SOAP12 = 'application/soap+xml';

/** @param action SOAP action, told in the media type as SOAP 1.2 wants */
export async function writeMtom(
  envelope: string,
  action: string,
  parts: readonly MtomPart[],
): Promise<MtomMessage> {
  const root = new MimeNode(
    `multipart/related; type="application/xop+xml"; start="<${ROOT}>"; start-info="${SOAP12}"; action="${action}"`,
    { boundaryPrefix: 'relais' },
  );
  add(root, `application/xop+xml; charset=UTF-8; type="${SOAP12}"`, ROOT, Buffer.from(envelope));
  // the type of a document is told in its metadata; a text type would be re-encoded and its bytes are what was signed
  for (const { contentId, bytes } of parts)
    add(root, 'application/octet-stream', contentId, Buffer.from(bytes));
  const whole = await root.build();
  const end = whole.indexOf('\r\n\r\n');
  const head = whole
    .subarray(0, end)
    .toString('latin1')
    .replace(/\r\n[ \t]+/g, ' ');
  const contentType = /^Content-Type: (.+)$/im.exec(head)?.[1] ?? '';
  return { contentType, body: whole.subarray(end + 4) };
}

function add(root: MimeNode, contentType: string, contentId: string, bytes: Buffer): void {
  root
    .createChild(contentType)
    .setHeader({ 'Content-Id': `<${contentId}>`, 'Content-Transfer-Encoding': 'binary' })
    .setContent(bytes);
}
