import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
let clone: string;
let bin: string;

/** A clone whose program is a few lines, built or not. */
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'relais-bin-'));
  bin = join(clone, 'bin/relais.mjs');
  cpSync(join(root, 'bin'), join(clone, 'bin'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  writeFileSync(join(clone, 'package.json'), '{ "type": "module" }');
  mkdirSync(join(clone, 'apps/cli/src'), { recursive: true });
});
afterEach(() => rmSync(clone, { recursive: true }));

function built(program: string): void {
  mkdirSync(join(clone, 'dist/apps/cli/src'), { recursive: true });
  writeFileSync(join(clone, 'dist/apps/cli/src/main.js'), program);
}

describe('the relais command', () => {
  it('runs the program on Node 24, in the caller’s folder, with its words, input and exit code', () => {
    built(`
      process.stdin.on('data', (input) => {
        console.log(JSON.stringify([process.version, process.cwd(), process.argv.slice(2), String(input)]));
        process.exitCode = 7;
      });`);
    const { status, stdout } = spawnSync(bin, ['send', '--to', 'spsti b'], {
      cwd: tmpdir(),
      input: 'a body',
    });
    const [version, folder, words, input] = JSON.parse(String(stdout));
    expect(version).toMatch(/^v24\./);
    expect([folder, words, input, status]).toEqual([tmpdir(), ['send', '--to', 'spsti b'], 'a body', 7]);
  });

  it('passes a signal on and lets the program end its own way', async () => {
    built(`
      process.on('SIGTERM', () => { console.log('closing'); process.exit(3); });
      setInterval(() => undefined, 1000);
      console.log('ready');`);
    const child = spawn(bin, ['start'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const said: string[] = [];
    child.stdout.on('data', (text) => {
      said.push(String(text).trim());
      if (said.length === 1) child.kill('SIGTERM');
    });
    expect(await once(child, 'close')).toEqual([3, null]);
    expect(said).toEqual(['ready', 'closing']);
  });

  it('ends by the signal that ended the program', () => {
    built(`process.kill(process.pid, 'SIGKILL');`);
    expect(spawnSync(bin).signal).toBe('SIGKILL');
  });

  it('builds the programs first when they are not, and keeps its output clean', () => {
    writeFileSync(join(clone, 'apps/cli/src/main.ts'), `const words: string = 'built'; console.log(words);`);
    cpSync(join(root, 'tsconfig.json'), join(clone, 'tsconfig.json'));
    cpSync(join(root, 'tsconfig.build.json'), join(clone, 'tsconfig.build.json'));
    const { status, stdout, stderr } = spawnSync(bin, ['--help']);
    expect([status, String(stdout), String(stderr)]).toEqual([0, 'built\n', '']);
    expect(existsSync(join(clone, 'dist/apps/cli/src/main.js'))).toBe(true);
  });

  it('says that the programs do not build, and prints nothing else', () => {
    writeFileSync(join(clone, 'apps/cli/src/main.ts'), `const words: string = 1;`);
    cpSync(join(root, 'tsconfig.json'), join(clone, 'tsconfig.json'));
    cpSync(join(root, 'tsconfig.build.json'), join(clone, 'tsconfig.build.json'));
    const { status, stdout, stderr } = spawnSync(bin, ['--help']);
    expect([status, String(stdout)]).toEqual([1, '']);
    expect(String(stderr)).toContain('relais: the programs do not build');
  });
});
