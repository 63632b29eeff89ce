/** One process that inspects PDFs, one at a time. Nothing it says is believed beyond the closed list of codes. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Finding } from '#core';
import { refusal } from './findings.ts';
import { answerIn, BEGUN, LONGEST } from './inspection-answer.ts';

/** The process was gone, or did not start: nothing is said about the PDF. */
export class NotBegun extends Error {}

const source = import.meta.url.endsWith('.ts');
const PROGRAM = fileURLToPath(
  new URL(source ? './inspect-process.ts' : './inspect-process.js', import.meta.url),
);
/** megabytes, 64 of them for what earlier PDFs left; V8 ends the whole process that outgrows its heap */
const HEAP = 512 + 64;
/** bounds whatever might pile up in a process from one PDF to the next */
const INSPECTIONS = 1_000;

interface Question {
  milliseconds: number;
  begun: boolean;
  timer: NodeJS.Timeout;
  resolve: (findings: Finding[]) => void;
  reject: (error: Error) => void;
}

export class InspectionProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #ended: Promise<void>;
  readonly #startMs: number;
  #question: Question | undefined;
  #heard = '';
  #inspections = 0;
  #usable = true;

  /**
   * @param program that speaks as `inspect-process.ts` does
   * @param startMs milliseconds to start and to receive a PDF whole
   */
  constructor(program = PROGRAM, startMs = 30_000) {
    this.#startMs = startMs;
    this.#child = spawn(
      process.execPath,
      [
        ...(source ? ['--conditions=source'] : []),
        `--max-old-space-size=${HEAP}`,
        '--expose-gc',
        '--permission',
        '--allow-fs-read=*',
        program,
        String(process.pid),
      ],
      { env: {}, stdio: ['pipe', 'pipe', 'ignore'] },
    );
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(this.#onEnd(null, null, error)));
      this.#child.once('close', (code, signal) => resolve(this.#onEnd(code, signal)));
    });
    // a broken pipe: the end of the process, just behind it, says more
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdout.setEncoding('latin1').on('data', (text: string) => this.#onText(text));
    this.#holdParent(false);
  }

  /** false when another process must take the next PDF */
  get usable(): boolean {
    return this.#usable && this.#inspections < INSPECTIONS;
  }

  /**
   * @param milliseconds of work, from the moment when the process holds the PDF
   * @throws NotBegun when the process ended before it held the PDF
   */
  async inspect(pdf: Uint8Array, milliseconds: number): Promise<Finding[]> {
    if (this.#question !== undefined) throw new TypeError('one PDF at a time');
    if (!this.#usable) throw new NotBegun('the process has ended');
    this.#inspections += 1;
    this.#holdParent(true);
    try {
      return await new Promise((resolve, reject) => {
        const timer = setTimeout(() => this.#giveUp(new NotBegun('PDF not taken in time')), this.#startMs);
        this.#question = { milliseconds, begun: false, timer, resolve, reject };
        const length = Buffer.alloc(4);
        length.writeUInt32BE(pdf.byteLength);
        this.#child.stdin.write(length);
        this.#child.stdin.write(pdf);
      });
    } finally {
      this.#holdParent(false);
    }
  }

  /** Ends the process at once and waits until it is gone. */
  async end(): Promise<void> {
    this.#kill();
    this.#holdParent(true);
    await this.#ended;
  }

  #kill(): void {
    this.#usable = false;
    this.#child.kill('SIGKILL');
  }

  #onText(text: string): void {
    this.#heard += text;
    const lines = this.#heard.split('\n');
    this.#heard = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line);
    if (this.#heard.length > LONGEST) this.#giveUp(new Error('PDF inspection says too much'));
  }

  #onLine(line: string): void {
    const question = this.#question;
    if (question?.begun === false && line === BEGUN) {
      clearTimeout(question.timer);
      question.begun = true;
      // should the answer lie in the pipe, when it is this process that was held up, it still comes before the end
      question.timer = setTimeout(() => this.#kill(), question.milliseconds);
      return;
    }
    const answer = question?.begun === true ? answerIn(line) : undefined;
    if (answer === undefined) {
      this.#giveUp(new Error('PDF inspection gave no answer of ours'));
    } else {
      if (answer.spent) this.#usable = false;
      this.#take()?.resolve(answer.codes.map(refusal));
    }
  }

  #giveUp(error: Error): void {
    this.#kill();
    this.#take()?.reject(error);
  }

  #onEnd(code: number | null, signal: NodeJS.Signals | null, cause?: Error): void {
    this.#usable = false;
    const question = this.#take();
    if (question === undefined) return;
    const how = `PDF inspection ended with ${signal ?? code}`;
    if (!question.begun) question.reject(new NotBegun(how, { cause }));
    else if (signal !== null) question.resolve([refusal('pdf.too-complex')]);
    else question.reject(new Error(how, { cause }));
  }

  #take(): Question | undefined {
    const question = this.#question;
    clearTimeout(question?.timer);
    this.#question = undefined;
    return question;
  }

  /** Idle, it does not keep this process alive. */
  #holdParent(hold: boolean): void {
    // pipes of a child process are sockets
    for (const part of [this.#child, this.#child.stdin as Socket, this.#child.stdout as Socket]) {
      if (hold) part.ref();
      else part.unref();
    }
  }
}
