import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { judgedBy } from '../peers/programs.ts';
import { everythingIn } from './everything-in.ts';
import { PACKED, pdfOf, zipOf } from './pack.ts';

const SECRET = 'MAGALI LHERITIER';
const holds = (bytes: Uint8Array) => everythingIn(bytes).some((one) => one.includes(SECRET));

judgedBy(['pdftotext', 'qpdf', 'unzip', 'zip'], 'whoever opens everything', () => {
  it.each(PACKED)('reads what is in %s, as it is and carried by a text', async (_, pack) => {
    const packed = await pack(`${SECRET}\n`.repeat(9));
    expect(packed.includes(SECRET)).toBe(false);
    const folded = (packed.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n');
    for (const carrier of [
      packed,
      Buffer.from(JSON.stringify({ data: packed.toString('base64') })),
      Buffer.from(JSON.stringify({ data: packed.toString('base64url') })),
      Buffer.from(JSON.stringify({ data: folded })),
      Buffer.from(`note;${packed.toString('hex')}`),
      Buffer.from(`note;${packed.toString('hex').toUpperCase()}`),
      Buffer.from(`<text>${folded}</text>`),
    ])
      expect(holds(carrier)).toBe(true);
  });

  it('reads what is in a PDF attached to a PDF in a zip in gzip', async () => {
    const inner = await pdfOf({ page: SECRET });
    const packed = gzipSync(zipOf(await pdfOf({ attached: inner })));
    expect(holds(packed)).toBe(true);
    expect(holds(gzipSync(zipOf(await pdfOf({ page: 'Bonjour' }))))).toBe(false);
  });

  it('gives nothing but the bytes when nothing is packed', () => {
    const plain = Buffer.from(JSON.stringify({ a: 'H4sIxx', b: 'PK', c: '%PDF-' }));
    expect(everythingIn(plain)).toEqual([plain]);
  });

  it('does not call clean what it cannot open', () => {
    expect(() => everythingIn(zipOf(Buffer.from(SECRET), { password: 'secret' }))).toThrow();
    expect(() => everythingIn(zipOf(Buffer.from(SECRET)).subarray(0, 60))).toThrow();
    expect(() => everythingIn(Buffer.from('%PDF-1.7 broken'))).toThrow();
    const deep = Array.from({ length: 9 }).reduce<Buffer>((inner) => gzipSync(inner), Buffer.from(SECRET));
    expect(() => everythingIn(deep)).toThrow(RangeError);
  });
});
