/** The SFTP subsystem of one connection, version 3, on a folder: no request gets out of it. */
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  writeSync,
} from 'node:fs';
import { join, normalize } from 'node:path';
import ssh2, { type SFTPWrapper } from 'ssh2';
import type { Misbehaviour } from './misbehaviour.ts';

const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;
const NAMES_AT_A_TIME = 100;

type Opened = { fd: number } | { names: Iterator<string> };

export class FolderSession {
  readonly #opened = new Map<number, Opened>();
  #next = 1;
  #written = 0;

  constructor(
    private readonly folder: string,
    private readonly state: { how: Misbehaviour | undefined },
    private readonly cut: () => void,
  ) {}

  serve(sftp: SFTPWrapper): void {
    const done = (id: number) => sftp.status(id, STATUS_CODE.OK);
    this.#on(sftp, 'OPEN', (id, name: string, flags: number) => {
      const fd = openSync(this.#path(name), modeOf(flags), 0o600);
      sftp.handle(id, this.#keep({ fd }));
    });
    this.#on(sftp, 'READ', (id, handle: Buffer, offset: number, length: number) => {
      const into = Buffer.alloc(Math.min(length, 32_768));
      const read = readSync(this.#fd(handle), into, 0, into.length, offset);
      if (read === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.data(id, into.subarray(0, read));
    });
    this.#on(sftp, 'WRITE', (id, handle: Buffer, offset: number, data: Buffer) => {
      const { how } = this.state;
      if (how === 'full') return sftp.status(id, STATUS_CODE.FAILURE);
      writeSync(this.#fd(handle), data, 0, data.length, offset);
      this.#written += data.length;
      if (typeof how === 'object' && 'breaks-after' in how && this.#written >= how['breaks-after'])
        return this.cut();
      done(id);
    });
    this.#on(sftp, 'FSTAT', (id, handle: Buffer) => {
      sftp.attrs(id, this.#attributes(fstatSync(this.#fd(handle))));
    });
    for (const name of ['LSTAT', 'STAT'] as const)
      this.#on(sftp, name, (id, path: string) => {
        sftp.attrs(id, this.#attributes(lstatSync(this.#path(path))));
      });
    this.#on(sftp, 'FSETSTAT', (id, handle: Buffer, { size }: { size?: number }) => {
      if (size !== undefined) ftruncateSync(this.#fd(handle), size);
      done(id);
    });
    this.#on(sftp, 'CLOSE', (id, handle: Buffer) => {
      const opened = this.#opened.get(handle.readUInt32BE());
      if (opened !== undefined && 'fd' in opened) closeSync(opened.fd);
      this.#opened.delete(handle.readUInt32BE());
      done(id);
    });
    this.#on(sftp, 'OPENDIR', (id, path: string) => {
      sftp.handle(id, this.#keep({ names: this.#listed(path) }));
    });
    this.#on(sftp, 'READDIR', (id, handle: Buffer) => {
      const found = [...this.#names(handle)];
      if (found.length === 0) sftp.status(id, STATUS_CODE.EOF);
      else
        sftp.name(
          id,
          found.map((filename) => ({ filename, longname: filename, attrs: NO_ATTRIBUTES })),
        );
    });
    this.#on(sftp, 'REMOVE', (id, path: string) => {
      rmSync(this.#path(path));
      done(id);
    });
    this.#on(sftp, 'RENAME', (id, from: string, to: string) => {
      // version 3: never over what stands there
      if (exists(this.#path(to))) return sftp.status(id, STATUS_CODE.FAILURE);
      renameSync(this.#path(from), this.#path(to));
      if (this.state.how === 'loses-answer' && to.endsWith('.manifest.jws')) return this.cut();
      done(id);
    });
    this.#on(sftp, 'REALPATH', (id, path: string) => {
      sftp.name(id, [{ filename: normalize(`/${path}`), longname: '', attrs: NO_ATTRIBUTES }]);
    });
    sftp.on('close', () => {
      for (const opened of this.#opened.values()) if ('fd' in opened) closeSync(opened.fd);
      this.#opened.clear();
    });
  }

  /** A request that fails is told so by its status; silence is a way to misbehave. */
  #on(sftp: SFTPWrapper, name: string, answer: (id: number, ...words: never[]) => void): void {
    sftp.on(name, (id: number, ...words: never[]) => {
      if (this.state.how === 'silent') return;
      try {
        answer(id, ...words);
      } catch (error) {
        sftp.status(id, statusOf(error));
      }
    });
  }

  #listed(path: string): Iterator<string> {
    const { how } = this.state;
    if (how === 'endless') return endless();
    if (typeof how === 'object' && 'lists' in how) return how.lists.values();
    return readdirSync(this.#path(path)).values();
  }

  #path(path: string): string {
    return join(this.folder, normalize(`/${path}`));
  }

  #keep(opened: Opened): Buffer {
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(this.#next);
    this.#opened.set(this.#next++, opened);
    return handle;
  }

  #fd(handle: Buffer): number {
    const opened = this.#opened.get(handle.readUInt32BE());
    if (opened === undefined || !('fd' in opened)) throw new Error('no such handle');
    return opened.fd;
  }

  *#names(handle: Buffer): Generator<string> {
    const opened = this.#opened.get(handle.readUInt32BE());
    if (opened === undefined || !('names' in opened)) return;
    for (let n = 0; n < NAMES_AT_A_TIME; n++) {
      const next = opened.names.next();
      if (next.done === true) return;
      yield next.value;
    }
  }

  #attributes({ mode, size, uid, gid, atimeMs, mtimeMs }: Stats) {
    const said = this.state.how === 'understates' ? 1 : size;
    return {
      mode,
      size: said,
      uid,
      gid,
      atime: Math.floor(atimeMs / 1000),
      mtime: Math.floor(mtimeMs / 1000),
    };
  }
}

const NO_ATTRIBUTES = { mode: 0, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 };

function modeOf(flags: number): string | number {
  if ((flags & OPEN_MODE.WRITE) === 0) return 'r';
  // read and write, made when it is not there, never cut
  return (flags & OPEN_MODE.CREAT) === 0 ? 'r+' : 0o102;
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function statusOf(error: unknown): number {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return STATUS_CODE.NO_SUCH_FILE;
  return code === 'EACCES' ? STATUS_CODE.PERMISSION_DENIED : STATUS_CODE.FAILURE;
}

function* endless(): Generator<string> {
  for (let n = 0; ; n++) yield `nom-${n}`;
}
