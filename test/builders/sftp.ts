/** A Relais whose recipients of surveys and research lines have SFTP servers, as in the demo. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { depositsOf, type SftpDemo, startSftpDemo } from '../../apps/cli/src/demo/channels/sftp.ts';
import type { SoftwareOptions } from '../../apps/cli/src/demo/simulators.ts';
import type { PartnerSoftware } from '../../apps/simulators/src/partner/index.ts';
import type { DepositPlace, SftpServer } from '../../apps/simulators/src/sftp/index.ts';
import { type Entry, rows } from './portability.ts';
import { aRelais, type TestRelais } from './relais.ts';

export interface SftpRelais {
  relais: TestRelais;
  server(id: string): SftpServer;
  place(id: string): DepositPlace;
  /** software that takes what lies there */
  software(id: string, options?: Partial<SoftwareOptions>): Promise<PartnerSoftware>;
  /** writes an acknowledgement as a partner should: under another name first */
  acknowledge(id: string, deliveryId: string, said: object | string | Buffer): string;
  /** codes of the acknowledgements refused so far, of that partner */
  refused(id: string): unknown[];
  deliveryOf(messageId: string): Record<string, unknown>;
  close(): Promise<void>;
}

export async function aRelaisWithSftp(
  partners: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<SftpRelais> {
  let sftp: SftpDemo | undefined;
  const relais = await aRelais(
    { RELAIS_SFTP_LOOK_SECONDS: '0.2', ...settings },
    {
      alsoKeysOf: [...partners],
      agreements: async (demo) => {
        sftp = await startSftpDemo(demo, partners);
        return { ...sftp.agreements };
      },
    },
  );
  const place = (id: string) => depositsOf(relais.demo, id);
  return {
    relais,
    place,
    server: (id) => sftp?.servers[id] as SftpServer,
    software: (id, options = {}) => relais.partner(id, { deposits: place(id), ...options }),
    acknowledge: (id, deliveryId, said) => {
      const file = join(place(id).acknowledgements, `${deliveryId}.ack.json`);
      const bytes = typeof said === 'string' || Buffer.isBuffer(said) ? said : JSON.stringify(said);
      writeFileSync(`${file}.tmp`, bytes);
      renameSync(`${file}.tmp`, file);
      return file;
    },
    refused: (id) =>
      rows(relais, `SELECT body FROM journal_entry`)
        .map(({ body }) => JSON.parse(String(body)) as Entry & { details?: { code?: unknown } })
        .filter(({ kind, actor }) => ['receipt.refused', 'message.refused'].includes(kind) && actor === id)
        .map(({ details }) => details?.code),
    deliveryOf: (messageId) =>
      rows(relais, 'SELECT * FROM delivery WHERE message_id = ?', messageId)[0] ?? {},
    close: async () => {
      await relais.close();
      await sftp?.close();
    },
  };
}
