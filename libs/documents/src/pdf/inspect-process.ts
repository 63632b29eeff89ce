/**
 * A received PDF is parsed in a process of its own, which may write no file and start no program, with an
 * empty environment: PDF on standard input, findings as JSON on standard output.
 */
import { buffer } from 'node:stream/consumers';
import { inspectPdf } from './inspect.ts';

process.stdout.write(JSON.stringify(await inspectPdf(await buffer(process.stdin))));
