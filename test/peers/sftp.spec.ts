/** OpenSSH's server, as it stands on a partner's machine, receives the deposits. */
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Delivery,
  digestOf,
  MANIFEST_TYPE,
  type Message,
  manifestClaims,
  type Parcel,
  type SealedPart,
  type SftpChannel,
} from '#core';
import { SftpDeposit, SftpLines } from '#transports';
import { type CorePki, corePki } from '../builders/core-pki.ts';
import { eventually } from '../builders/relais.ts';
import { type FaultyNetwork, startProxy } from '../faults/proxy.ts';
import { type Sshd, type SshdOptions, startSshd } from '../services/sshd.ts';
import { judgedBy, run } from './programs.ts';

const MIB = 1 << 20;
const ANSWER_MS = 10_000;

judgedBy(['sshd'], 'a deposit by SFTP', () => {
  let pki: CorePki;
  let lines: SftpLines;
  let transport: SftpDeposit;
  let sshd: Sshd;
  const more: { end(): Promise<void> }[] = [];

  beforeAll(async () => {
    pki = await corePki();
    sshd = await startSshd();
  });
  beforeEach(() => open());
  afterEach(async () => {
    await lines.close();
    await Promise.all(more.splice(0).map((one) => one.end()));
  });
  afterAll(() => sshd?.end());

  function open(answerMs = ANSWER_MS): void {
    lines = new SftpLines({ connectMs: ANSWER_MS, answerMs }, 1_000);
    transport = new SftpDeposit({ lines, signer: pki.signing, attemptTimeoutMs: 60_000 });
  }

  const another = async (options: SshdOptions) => {
    const server = await startSshd(options);
    more.push(server);
    return server;
  };
  const slowly = async (ms: number): Promise<FaultyNetwork> => {
    const network = await startProxy(sshd.port);
    network.fault({ answersLateMs: ms });
    more.push({ end: () => network.close() });
    return network;
  };

  const aPart = (n: number, size: number): SealedPart => {
    const jwe = randomBytes(size);
    return { n, audience: 'enc', kid: 'k', size, digest: digestOf(jwe), jwe };
  };
  const aParcel = (parts: readonly SealedPart[], channel: SftpChannel = sshd.channel): Parcel => {
    const message = { id: v7(), type: 'fr.relais-st.evrest.sheet.v1', sender: 'spsti-a' } as Message;
    const id = v7();
    const delivery = {
      ...{ id, partCount: parts.length, createdAt: '2026-11-22T08:00:00.000Z' },
      ...(parts.length === 1
        ? {}
        : {
            manifest: pki.signing.sign(
              manifestClaims(message.id, parts, { relaisdelivery: id }),
              MANIFEST_TYPE,
            ),
          }),
    } as Delivery;
    return {
      ...{ delivery, message, attempt: 1 },
      recipient: { channels: { sftp: channel } },
      parts: parts.length === 1 ? parts : [],
      readPart: async (n: number) => parts[n - 1],
    } as unknown as Parcel;
  };
  const send = (parcel: Parcel, signal = AbortSignal.timeout(60_000)) => transport.send(parcel, signal);
  const standing = ({ delivery }: Parcel) =>
    readdirSync(sshd.files.deposits).filter((name) => name.includes(delivery.id));
  const path = ({ delivery }: Parcel, name: string) => join(sshd.files.deposits, `${delivery.id}.${name}`);
  const claimsOf = (parcel: Parcel) =>
    pki.signing.verify(readFileSync(path(parcel, 'manifest.jws'), 'utf8'), MANIFEST_TYPE) as {
      messageId: string;
      relaisdelivery: string;
      parts: { n: number; size: number; digest: string }[];
    };

  it('is the sealed part as it is, what the event says, and a signed manifest', async () => {
    const parcel = aParcel([aPart(1, 3 * MIB)]);
    expect(await send(parcel)).toBe('placed');
    expect(standing(parcel).sort()).toEqual(
      ['1.jwe', 'event.json', 'manifest.jws'].map((name) => `${parcel.delivery.id}.${name}`),
    );
    const { messageId, relaisdelivery, parts } = claimsOf(parcel);
    expect({ messageId, relaisdelivery }).toEqual({
      ...{ messageId: parcel.message.id, relaisdelivery: parcel.delivery.id },
    });
    const [{ digest } = { digest: '' }] = parts;
    const list = `${digest.slice('sha-256:'.length)}  ${path(parcel, '1.jwe')}\n`;
    expect(run('sha256sum', ['--check', '--strict'], list).toString()).toMatch(/: OK\n$/);
    expect(JSON.parse(readFileSync(path(parcel, 'event.json'), 'utf8'))).toEqual({
      ...{ specversion: '1.0', id: parcel.message.id, source: 'urn:relais:broker' },
      ...{ type: 'fr.relais-st.evrest.sheet.v1', time: '2026-11-22T08:00:00.000Z' },
      datacontenttype: 'application/vnd.relais.manifest+jws',
      ...{ relaissender: 'spsti-a', relaisdelivery: parcel.delivery.id, relaisattempt: '1' },
    });
  });

  it('of many parts holds one in memory at a time, and all lie there before the manifest does', async () => {
    const parts = [1, 2, 3].map((n) => aPart(n, MIB + n));
    const parcel = aParcel(parts);
    const seen: string[][] = [];
    const asked = {
      ...parcel,
      readPart: async (n: number) => {
        seen.push(standing(parcel).sort());
        return parts[n - 1];
      },
    };
    await send(asked);
    const name = (n: number) => `${parcel.delivery.id}.${n}.jwe`;
    expect(seen).toEqual([[], [name(1)], [name(1), name(2)]]);
    const list = claimsOf(parcel).parts.map(
      ({ n, digest }) => `${digest.slice('sha-256:'.length)}  ${path(parcel, `${n}.jwe`)}\n`,
    );
    expect(run('sha256sum', ['--check', '--strict'], list.join('')).toString().match(/: OK/g)).toHaveLength(
      3,
    );
  });

  it('that broke off goes on from there', async () => {
    const network = await slowly(40);
    const part = aPart(1, 12 * MIB);
    const parcel = aParcel([part], { ...sshd.channel, port: network.port });
    const breaking = send(parcel);
    breaking.catch(() => undefined);
    const half = await eventually(async () => {
      const [name] = standing(parcel).filter((one) => one.endsWith('.part'));
      return name !== undefined && statSync(join(sshd.files.deposits, name)).size > 2 * MIB && name;
    });
    network.cut();
    await expect(breaking).rejects.toMatchObject({ code: 'transport.unreachable', next: 'retry' });
    expect(standing(parcel)).toEqual([half]);
    const before = statSync(join(sshd.files.deposits, half));
    expect(before.size).toBeLessThan(12 * MIB);
    expect(await send({ ...parcel, attempt: 2 })).toBe('placed');
    expect(digestOf(readFileSync(path(parcel, '1.jwe')))).toBe(part.digest);
    expect(statSync(path(parcel, '1.jwe')).ino).toBe(before.ino);
    expect(JSON.parse(readFileSync(path(parcel, 'event.json'), 'utf8'))).toMatchObject({
      relaisattempt: '2',
    });
    expect(standing(parcel)).toHaveLength(3);
  });

  it('does not go on from what is not its own beginning', async () => {
    const part = aPart(1, MIB);
    const parcel = aParcel([part]);
    const short = createHash('sha256').update(part.jwe).digest('hex').slice(0, 16);
    const half = join(sshd.files.deposits, `.${parcel.delivery.id}.1.jwe.${short}.part`);
    for (const size of [MIB / 2, 2 * MIB]) {
      run('sh', ['-c', 'head -c "$1" /dev/urandom > "$2"; chmod 666 "$2"', 'sh', String(size), half]);
      await send({ ...parcel, delivery: { ...parcel.delivery } });
      expect(digestOf(readFileSync(path(parcel, '1.jwe')))).toBe(part.digest);
      for (const name of ['1.jwe', 'manifest.jws']) run('rm', [path(parcel, name)]);
    }
  });

  it('whose answer was lost is recognised, and left as it lies', async () => {
    for (const parcel of [aParcel([aPart(1, MIB)]), aParcel([aPart(1, MIB), aPart(2, MIB)])]) {
      await send(parcel);
      const before = standing(parcel).map((name) => statSync(join(sshd.files.deposits, name)).mtimeMs);
      await pause(20);
      expect(await send({ ...parcel, attempt: 2 })).toBe('placed');
      expect(standing(parcel).map((name) => statSync(join(sshd.files.deposits, name)).mtimeMs)).toEqual(
        before,
      );
    }
  });

  it('takes the place of another sealing of the same delivery', async () => {
    const parcel = aParcel([aPart(1, MIB)]);
    await send(parcel);
    const again = aPart(1, MIB);
    await send({ ...parcel, parts: [again], attempt: 2 });
    expect(claimsOf(parcel).parts).toMatchObject([{ digest: again.digest }]);
    expect(digestOf(readFileSync(path(parcel, '1.jwe')))).toBe(again.digest);
    expect(standing(parcel)).toHaveLength(3);
  });

  it('of what is gone by now is asked for again', async () => {
    const parcel = { ...aParcel([]), readPart: async () => undefined };
    await expect(send(parcel)).rejects.toMatchObject({ code: 'message.resend-needed', next: 'stop' });
  });

  describe('is refused, and nothing is left', () => {
    const to = (channel: Partial<SftpChannel>) => aParcel([aPart(1, 64)], { ...sshd.channel, ...channel });

    it('to a server whose key is another than those agreed', async () => {
      const parcel = to({ hostKeys: ['A'.repeat(43)] });
      await expect(send(parcel)).rejects.toMatchObject({ code: 'transport.host-unknown', next: 'stop' });
      expect(standing(parcel)).toEqual([]);
    });

    it('by a server that does not know the key of Relais', async () => {
      const other = await another({});
      const parcel = to({ key: other.key });
      await expect(send(parcel)).rejects.toMatchObject({ code: 'transport.refused', next: 'stop' });
    });

    it.each([
      ['signs by SHA-1', { first: ['HostKeyAlgorithms ssh-rsa'], hostKeyType: 'rsa' as const }],
      ['enciphers by CBC', { first: ['Ciphers aes128-cbc,3des-cbc'] }],
      ['knows group 1 only', { first: ['KexAlgorithms diffie-hellman-group1-sha1'] }],
      ['authenticates by SHA-1', { first: ['MACs hmac-sha1', 'Ciphers aes256-ctr'] }],
      [
        'takes an RSA key by SHA-1 only',
        { first: ['PubkeyAcceptedAlgorithms ssh-rsa'], keyType: 'rsa' as const },
      ],
    ])('by a server that %s', async (_, options) => {
      const { channel } = await another(options);
      await expect(send(aParcel([aPart(1, 64)], channel))).rejects.toMatchObject({
        code: 'transport.refused',
        next: 'stop',
      });
    });

    it('in a folder that is not there', async () => {
      const folder = join(sshd.files.deposits, 'nowhere');
      await expect(send(to({ folder }))).rejects.toMatchObject({ code: 'transport.refused', next: 'stop' });
    });

    it('by a server that lets nothing be written', async () => {
      const { channel } = await another({ first: ['ForceCommand internal-sftp -R'] });
      await expect(send(aParcel([aPart(1, 64)], channel))).rejects.toMatchObject({
        code: 'transport.refused',
        next: 'stop',
      });
    });

    it('without a channel in the agreement, or with a key that is none', async () => {
      const parcel = to({});
      await expect(send({ ...parcel, recipient: {} as Parcel['recipient'] })).rejects.toMatchObject({
        code: 'configuration.invalid',
      });
      await expect(send(to({ key: 'no key' }))).rejects.toMatchObject({ code: 'configuration.invalid' });
    });
  });

  it.each(['rsa', 'ecdsa'] as const)('passes by a key of another kind: %s', async (keyType) => {
    const { channel, files } = await another({ keyType, hostKeyType: 'rsa' });
    expect(await send(aParcel([aPart(1, 64)], channel))).toBe('placed');
    expect(readdirSync(files.deposits)).toHaveLength(3);
  });

  it('passes while its server changes keys under way', async () => {
    const { channel, files } = await another({ first: ['RekeyLimit 1M'] });
    const part = aPart(1, 8 * MIB);
    const parcel = aParcel([part], channel);
    expect(await send(parcel)).toBe('placed');
    expect(digestOf(readFileSync(join(files.deposits, `${parcel.delivery.id}.1.jwe`)))).toBe(part.digest);
  });

  it('to a server that is away is tried again, on a new connection', async () => {
    const other = await another({});
    const parcel = aParcel([aPart(1, 64)], other.channel);
    await other.kill();
    await expect(send(parcel)).rejects.toMatchObject({ code: 'transport.unreachable', next: 'retry' });
    await other.start();
    expect(await send(parcel)).toBe('placed');
    await other.kill();
    const next = aParcel([aPart(1, 64)], other.channel);
    await expect(send(next)).rejects.toMatchObject({ code: 'transport.unreachable' });
    await other.start();
    expect(await send(next)).toBe('placed');
  });

  it('to a server that falls silent ends, and so does what shares its connection', async () => {
    await lines.close();
    open(300);
    const network = await startProxy(sshd.port);
    more.push({ end: () => network.close() });
    const channel = { ...sshd.channel, port: network.port };
    await send(aParcel([aPart(1, 64)], channel));
    network.fault('half-open');
    const both = [1, 2].map(() => send(aParcel([aPart(1, MIB)], channel)));
    for (const one of await Promise.allSettled(both))
      expect(one).toMatchObject({ reason: { code: 'transport.unreachable' } });
    network.fault('pass');
    expect(await send(aParcel([aPart(1, 64)], channel))).toBe('placed');
  });

  it('ends with its signal, and leaves nothing that could be taken for complete', async () => {
    const network = await slowly(40);
    const parcel = aParcel([aPart(1, 12 * MIB)], { ...sshd.channel, port: network.port });
    const ending = new AbortController();
    const sending = send(parcel, ending.signal);
    sending.catch(() => undefined);
    await eventually(async () => standing(parcel).length > 0);
    ending.abort();
    await expect(sending).rejects.toMatchObject({ code: 'transport.unreachable' });
    await lines.close();
    expect(standing(parcel).filter((name) => !name.startsWith('.'))).toEqual([]);
  });
});
