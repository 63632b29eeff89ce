import { runCli } from '../../apps/cli/src/run-cli.ts';

export interface Ran {
  code: number;
  out: string;
  err: string;
}

/** Runs a command of the cli in this process, on a home folder, and keeps what it says. */
export async function command(
  home: string,
  words: readonly string[],
  options: { now?: () => Date; stop?: AbortSignal } = {},
): Promise<Ran> {
  const said = { out: '', err: '' };
  const code = await runCli(['--home', home, ...words], {
    ...options,
    out: (line) => {
      said.out += `${line}\n`;
    },
    err: (line) => {
      said.err += `${line}\n`;
    },
  });
  return { code, ...said };
}
