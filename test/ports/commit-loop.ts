/**
 * A process of its own that commits one chunk after the other and says each name once it is told ok:
 * `commit-loop.ts FILE PREFIX CALLERS COUNT`. The tests kill it, or watch its system calls.
 */
import { writeSync } from 'node:fs';
import { write } from '#core';
import { Writer } from '../../libs/storage/src/sqlite/writer.ts';
import { StatementUnitOfWork } from '../../libs/storage/src/unit-of-work.ts';

const [file, prefix, callers, count] = process.argv.slice(2) as [string, string, string, string];
const writer = new Writer({ file }, { lists: 1000, bytes: 64 << 20 });
const unitOfWork = new StatementUnitOfWork(writer);

async function commits(caller: number): Promise<void> {
  for (let n = 0; n < Number(count); n += 1) {
    const messageId = `${prefix}-${caller}-${n}`;
    const bytes = Buffer.alloc(2000, n);
    await unitOfWork.commit([
      write('payload.chunk', { messageId, n: 0, bytes, at: new Date().toISOString() }),
      write('payload.chunk', { messageId, n: 1, bytes, at: new Date().toISOString() }),
    ]);
    writeSync(1, `ok ${messageId}\n`);
  }
}

await Promise.all(Array.from({ length: Number(callers) }, (_, caller) => commits(caller)));
await writer.close();
