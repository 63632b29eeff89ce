import { runBench } from './bench/run-bench.ts';
import { runDemo } from './demo/run-demo.ts';

const once = process.argv.includes('--once');
process.exitCode = process.argv.includes('bench')
  ? await runBench({ quick: process.argv.includes('--quick') })
  : await runDemo({ once });
