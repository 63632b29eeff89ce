import { runDemo } from './demo/run-demo.ts';

const once = process.argv.includes('--once');
process.exitCode = await runDemo({ once });
