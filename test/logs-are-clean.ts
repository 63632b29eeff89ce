/**
 * Run by test/run.ts after everything else: no line that any broker of the whole run logged holds a matricule INS
 * (with a right or a wrong key) or a name of the fictional persons that the tests use.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const VAR = join(import.meta.dirname, '../var');

/** 13 characters of a matricule, spaced or not, with or without its key. */
const MATRICULE =
  /(?<![0-9a-f-])[1278] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3}(?: ?\d{2})?(?![0-9a-f-])/i;

/** Names that are no ordinary word, so that a hit is one. */
const NAMES = /ADRUN|ADRTROIS|ADRDEUX|TCHITCHI|HOUILLES|ECETINSI|NESSI|MICHELANGELO|D'AEION/;

function logs(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => path.endsWith('.log') && !path.endsWith('run.log') && statSync(path).isFile());
}

const files = logs(VAR);
let bad = 0;
let lines = 0;
for (const file of files) {
  readFileSync(file, 'utf8')
    .split('\n')
    .forEach((line, index) => {
      lines++;
      if (!MATRICULE.test(line) && !NAMES.test(line)) return;
      bad++;
      // where, not what: the finding must not copy the leak
      process.stderr.write(`identity in a log: ${file}:${index + 1}\n`);
    });
}
process.stdout.write(`logs: ${files.length} files, ${lines} lines, ${bad} with an identity\n`);
process.exitCode = bad === 0 ? 0 : 1;
