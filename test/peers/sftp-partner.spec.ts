/** A partner without our software: OpenSSH's server, the commands that docs/guides/sftp.md shows, and a file moved by sh. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rows } from '../builders/portability.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';
import { evrestInput, SurveyDesk } from '../builders/surveys.ts';
import { type Sshd, startSshd } from '../services/sshd.ts';
import { judgedBy, run } from './programs.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/guides/sftp.md'), 'utf8');
const recipe = /^```sh deposit\n(.*?)^```/ms.exec(GUIDE)?.[1] ?? '';

judgedBy(['sshd', 'jose', 'jwcrypto'], 'a partner of the SFTP guide', () => {
  const folder = mkdtempSync(join(tmpdir(), 'relais-sftp-partner-'));
  let sshd: Sshd;
  let relais: TestRelais;
  let desk: SurveyDesk;

  beforeAll(async () => {
    sshd = await startSshd();
    relais = await aRelais(
      { RELAIS_SFTP_LOOK_SECONDS: '0.2' },
      { alsoKeysOf: ['gis-evrest'], agreements: { 'gis-evrest': { channels: { sftp: sshd.channel } } } },
    );
    desk = new SurveyDesk(relais, await relais.service('spsti-a'), 'evrest', 'sheet');
  });
  afterAll(async () => {
    await relais?.close();
    desk?.close();
    await sshd?.end();
    rmSync(folder, { recursive: true });
  });

  it('opens what lies there, and is heard', async () => {
    const sheet = desk.throughEdge(evrestInput());
    const messageId = await desk.send('gis-evrest', sheet);
    const { deposits, acknowledgements } = sshd.files;
    await eventually(async () => readdirSync(deposits).some((name) => name.endsWith('.manifest.jws')));
    cpSync(deposits, folder, { recursive: true });
    cpSync(relais.demo.paths.partner('gis-evrest').enc.key, join(folder, 'enc.key'));
    const { bytes } = await relais.as('spsti-a')('/.well-known/jwks.json');
    writeFileSync(join(folder, 'jwks.json'), bytes);
    run('sh', ['-ec', `cd '${folder}'\n${recipe}`]);
    expect(JSON.parse(readFileSync(join(folder, 'content'), 'utf8'))).toEqual(sheet);

    const [{ id } = { id: '' }] = rows(relais, 'SELECT id FROM delivery WHERE message_id = ?', messageId);
    const said = { format: 'relais-ack/1', messageId, deliveryId: id, outcome: 'filed' };
    const acknowledgement = { outcome: 'accepted', items: [] };
    const script = `cat > "$1.new" && mv "$1.new" "$1"`;
    const file = join(acknowledgements, `${id}.ack.json`);
    run('sh', ['-ec', script, 'sh', file], JSON.stringify({ ...said, acknowledgement }));
    expect(await desk.acknowledged(messageId)).toMatchObject({ state: 'CLOSED', acknowledgement });
    await eventually(async () => existsSync(`${file}.done`));
    const [delivery] = rows(relais, 'SELECT state, receipt FROM delivery WHERE id = ?', String(id));
    expect(delivery).toMatchObject({ state: 'delivered', receipt: expect.stringContaining('"filed"') });
  });
});
