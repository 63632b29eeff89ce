import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What we tell Relais of a delivery; grows only: received < opened < filed. */
export interface Outcome {
  outcome: 'received' | 'opened' | 'filed' | 'refused';
  code?: string;
  detail?: string;
}

/** One line of `received.ndjson`. */
export interface ReceivedLine extends Outcome {
  messageId: string;
  deliveryId: string;
  attempt: number;
  at: string;
  /** true when the message was already here: nothing was done with it again */
  repeat: boolean;
}

/**
 * The ids this software has received, in a file, on disk before anything is answered: what makes a repeat harmless,
 * and what a ledger is compared with.
 */
export class ReceivedLog {
  private readonly outcomes = new Map<string, Outcome>();
  private waiting: { text: string; done: () => void; failed: (error: unknown) => void }[] = [];
  private writing: Promise<void> | undefined;

  private constructor(private readonly file: FileHandle) {}

  static async open(path: string): Promise<ReceivedLog> {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'a+', 0o600);
    const bytes = await file.readFile();
    // A line cut by a crash was never answered: Relais will send that message again.
    const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
    await file.truncate(whole.length);
    const log = new ReceivedLog(file);
    for (const line of whole.toString().split('\n').filter(Boolean)) log.remember(JSON.parse(line));
    return log;
  }

  /** What was said of that message, undefined when it is new. */
  outcome(messageId: string): Outcome | undefined {
    return this.outcomes.get(messageId);
  }

  get size(): number {
    return this.outcomes.size;
  }

  /** Resolves when the line is on disk; lines that come together share one fsync. */
  async add(line: ReceivedLine): Promise<void> {
    await new Promise<void>((done, failed) => {
      this.waiting.push({ text: `${JSON.stringify(line)}\n`, done, failed });
      this.writing ??= this.flush();
    });
    this.remember(line);
  }

  async close(): Promise<void> {
    await this.writing;
    await this.file.close();
  }

  private remember({ messageId, outcome, code, detail, repeat }: ReceivedLine): void {
    if (repeat) return;
    this.outcomes.set(messageId, { outcome, ...(code && { code }), ...(detail && { detail }) });
  }

  private async flush(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      try {
        await this.file.appendFile(group.map(({ text }) => text).join(''));
        await this.file.datasync();
        for (const { done } of group) done();
      } catch (error) {
        for (const { failed } of group) failed(error);
      }
    }
    this.writing = undefined;
  }
}
