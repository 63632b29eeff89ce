/** The database's own tools copied and restored it: what remains is to take note, whichever it is. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { write } from '#core';
import { openStore } from '#storage';
import { command } from '../builders/command.ts';
import { judgedBy } from '../peers/programs.ts';
import { aDatabase } from '../services/postgres.ts';
import { aDelivery, aMessage, insertMessage } from './stores.ts';

judgedBy(['postgres'], 'PostgreSQL restored by its own tools', () => {
  it('marks what may come again; Relais copies and restores no file of it', async () => {
    const home = mkdtempSync(join(tmpdir(), 'relais-restored-'));
    const { url } = await aDatabase();
    const message = aMessage({ status: 'accepted' });
    const sent = aMessage({ status: 'delivering' });
    const delivery = aDelivery({ messageId: sent.id, state: 'queued', attempts: 0 });
    let store = await openStore({ url });
    await store.unitOfWork.commit([
      insertMessage(message),
      insertMessage(sent),
      write('delivery.insert', { delivery }),
    ]);
    await store.close();
    vi.stubEnv('DATABASE_URL', url);
    try {
      expect(await command(home, ['restore'])).toMatchObject({ code: 0, err: '' });
      const refusal = { code: 1, err: expect.stringContaining('La base est PostgreSQL') };
      expect(await command(home, ['backup', join(home, 'copy')])).toMatchObject(refusal);
    } finally {
      vi.unstubAllEnvs();
      rmSync(home, { recursive: true });
    }
    store = await openStore({ url });
    expect((await store.records.message(message.id))?.restoredAt).toMatch(/Z$/);
    expect((await store.records.delivery(delivery.id))?.attempts).toBe(1);
    await store.close();
  });
});
