import { runCli } from './run-cli.ts';

const code = await runCli(process.argv.slice(2), {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
});
// what a command leaves open (a pool, a timer) does not keep it alive
process.exit(code === 0 ? process.exitCode : code);
