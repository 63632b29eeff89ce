import { createWriteStream } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BrokerError } from '#core';
import { contentsOf, GENERATORS } from './generators.ts';
import { createWorld, take } from './world.ts';

export interface GenerateOptions {
  flow: string;
  /** the flow's first when absent */
  object?: string;
  /** lines to write */
  count: number;
  seed: number;
  /** `YYYY-MM-DD`, day of the world */
  today: string;
  /** file to write; standard output when absent */
  out?: string;
}

/** Lines are joined up to this many characters: one write each would cost more than the line. */
const CHUNK = 65_536;

/**
 * Writes invented contents of a flow, one JSON a line. Memory does not grow with the count: what reads slowly slows
 * what is drawn.
 * @returns lines written: fewer than `count` when the flow has no more to tell, or nobody reads any longer
 * @throws BrokerError `flow.unknown`, of an unknown object too; the file system's own errors
 */
export async function runGenerate(options: GenerateOptions, standardOutput: Writable): Promise<number> {
  const generator = Object.hasOwn(GENERATORS, options.flow) ? GENERATORS[options.flow] : undefined;
  if (generator === undefined)
    throw new BrokerError('flow.unknown', { detail: `Flux connus : ${Object.keys(GENERATORS).join(', ')}.` });
  const object = options.object ?? generator.objects[0];
  if (!generator.objects.includes(object))
    throw new BrokerError('flow.unknown', { detail: `Objets de ce flux : ${generator.objects.join(', ')}.` });

  let written = 0;
  function* chunks(contents: Iterable<unknown>): Generator<string> {
    let chunk = '';
    for (const content of contents) {
      chunk += `${JSON.stringify(content)}\n`;
      written += 1;
      if (chunk.length < CHUNK) continue;
      yield chunk;
      chunk = '';
    }
    if (chunk !== '') yield chunk;
  }
  const world = createWorld({ seed: options.seed, today: options.today });
  const lines = Readable.from(chunks(take(contentsOf(generator, object, world), options.count)), {
    highWaterMark: 2,
  });
  if (options.out !== undefined) {
    await pipeline(lines, createWriteStream(options.out));
    return written;
  }
  try {
    await pipeline(lines, standardOutput, { end: false });
    // the pipeline ends once all is handed over, and the process once this returns: wait until all is written
    await new Promise<void>((resolve, reject) => {
      standardOutput.write('', (error) => (error ? reject(error) : resolve()));
    });
  } catch (error) {
    // `relais generate … | head` closes the pipe once it has seen enough
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
  return written;
}
