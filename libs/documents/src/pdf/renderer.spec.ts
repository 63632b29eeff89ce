import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { BrokerError, type DocumentModel } from '#core';
import { pdfOf } from '../../fixtures/pdf.ts';
import { PART_A, WHOLE } from '../../fixtures/summary.ts';
import { createRenderer } from './renderer.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('the renderer', () => {
  const renderer = createRenderer({ threads: 1 });
  afterAll(() => renderer.close());

  it('gives the same bytes twice, whatever was rendered in between', async () => {
    for (const profile of ['pdfa-1b', 'pdfa-3b'] as const) {
      const first = await renderer.render(WHOLE, profile);
      await renderer.render({ ...PART_A, title: 'Un autre document, d’autres caractères : ŒÆŁΩж' }, profile);
      expect(sha256(await renderer.render(WHOLE, profile))).toBe(sha256(first));
    }
  });

  it('gives the same bytes in another process, another time zone and another language', async () => {
    const script = `
      import { renderPdf } from '${new URL('./render.ts', import.meta.url)}';
      import { WHOLE } from '${new URL('../../fixtures/summary.ts', import.meta.url)}';
      process.stdout.write(await renderPdf(WHOLE, 'pdfa-3b'));`;
    const elsewhere = execFileSync(
      process.execPath,
      ['--conditions=source', '--input-type=module', '--eval', script],
      { env: { PATH: '', TZ: 'Pacific/Auckland', LANG: 'ja_JP.UTF-8' } },
    );
    expect(sha256(elsewhere)).toBe(sha256(await renderer.render(WHOLE, 'pdfa-3b')));
  });

  it('changes its file identifier with the content, the profile and the attachment', async () => {
    const other = {
      ...WHOLE,
      attachment: { ...attachmentOf(WHOLE), content: Buffer.from('{"other":true}') },
    };
    const ids = await Promise.all([
      renderer.render(WHOLE, 'pdfa-1b'),
      renderer.render(WHOLE, 'pdfa-3b'),
      renderer.render(PART_A, 'pdfa-3b'),
      renderer.render(other, 'pdfa-3b'),
    ]);
    expect(new Set(ids.map(fileId)).size).toBe(4);
  });

  it('leaves the event loop free while it works', async () => {
    let turns = 0;
    let working = true;
    const turn = () => {
      turns += 1;
      if (working) setImmediate(turn);
    };
    setImmediate(turn);
    await renderer.render(WHOLE, 'pdfa-3b');
    working = false;
    expect(turns).toBeGreaterThan(200);
  });

  it('refuses as a whole, by its code, what cannot be set on paper', async () => {
    const endless: DocumentModel = {
      ...WHOLE,
      sections: [{ title: 'Sans fin', blocks: [{ kind: 'text', text: 'ligne\n'.repeat(60_000) }] }],
    };
    const wide: DocumentModel = {
      ...WHOLE,
      sections: [
        {
          title: 'Trop large',
          blocks: [
            {
              kind: 'table',
              columns: Array(13).fill({ title: 'x' }),
              rows: [Array(13).fill('y')],
              empty: '',
            },
          ],
        },
      ],
    };
    const long = { ...WHOLE, identity: { ...WHOLE.identity, birthName: 'NOM '.repeat(2_000) } };
    for (const [model, code] of [
      [endless, 'document.too-long'],
      [wide, 'document.too-wide'],
      [long, 'document.identity-too-long'],
    ] as const) {
      const error = await renderer.render(model, 'pdfa-1b').catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(BrokerError);
      expect(error).toMatchObject({
        code: 'content.invalid',
        next: 'reject',
        findings: [{ pointer: '', code }],
      });
    }
  });
});

describe('limits on work', () => {
  it('ends an inspection that takes too long, and goes on with the next one', async () => {
    const renderer = createRenderer({ threads: 1, inspectMs: 1_500 });
    try {
      const slow = pdfOf(`[${'1 '.repeat(12_000_000)}]`);
      expect(await renderer.inspect(slow)).toMatchObject([{ code: 'pdf.too-complex' }]);
      expect(await renderer.inspect(await renderer.render(WHOLE, 'pdfa-1b'))).toEqual([]);
    } finally {
      await renderer.close();
    }
  });

  it('ends a rendering that takes too long, and goes on with the next one', async () => {
    const renderer = createRenderer({ threads: 1, renderMs: 1 });
    try {
      const error = await renderer.render(WHOLE, 'pdfa-1b').catch((caught: unknown) => caught);
      expect(error).toMatchObject({ findings: [{ code: 'document.too-long' }] });
      expect(await renderer.inspect(pdfOf('[]'))).toEqual([]);
    } finally {
      await renderer.close();
    }
  });

  it('ends several that take too long, each in its turn', async () => {
    const renderer = createRenderer({ threads: 1, renderMs: 1 });
    try {
      const outcomes = await Promise.allSettled([1, 2, 3].map(() => renderer.render(WHOLE, 'pdfa-1b')));
      for (const outcome of outcomes)
        expect(outcome).toMatchObject({ reason: { findings: [{ code: 'document.too-long' }] } });
    } finally {
      await renderer.close();
    }
  });

  it('does not count the time that a task waits for its worker', async () => {
    const renderer = createRenderer({ threads: 1, renderMs: 2_500 });
    try {
      const answers = await Promise.all(Array.from({ length: 30 }, () => renderer.render(WHOLE, 'pdfa-1b')));
      expect(new Set(answers.map(sha256)).size).toBe(1);
    } finally {
      await renderer.close();
    }
  });

  it('refuses a file that is too large without reading it', async () => {
    const renderer = createRenderer({ threads: 1, inspectBytes: 1_000 });
    try {
      expect(await renderer.inspect(new Uint8Array(1_001))).toMatchObject([{ code: 'pdf.too-large' }]);
    } finally {
      await renderer.close();
    }
  });

  it('outlives a PDF that eats all the memory it is given', async () => {
    const renderer = createRenderer({ threads: 1, inspectMs: 25_000 });
    try {
      const good = await renderer.render(WHOLE, 'pdfa-1b');
      expect(await renderer.inspect(pdfOf(`[${'<<>>'.repeat(4_000_000)}]`))).toMatchObject([
        { code: 'pdf.too-complex' },
      ]);
      expect(await renderer.inspect(good)).toEqual([]);
    } finally {
      await renderer.close();
    }
  }, 90_000);
});

function attachmentOf(model: DocumentModel): NonNullable<DocumentModel['attachment']> {
  if (model.attachment === undefined) throw new TypeError('the sample has an attachment');
  return model.attachment;
}

function fileId(pdf: Uint8Array): string {
  return /\/ID \[<([0-9a-f]{32})> <\1>\]/.exec(Buffer.from(pdf).toString('latin1'))?.[1] ?? 'none';
}
