/** So many at a time, whatever the number of mailboxes: what is in memory is bounded, and who comes first goes first. */
export class Turnstile {
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor(private readonly places: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.places) await new Promise<void>((enter) => this.#waiting.push(enter));
    else this.#inside += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // a place is handed on, never free in between
      if (next === undefined) this.#inside -= 1;
      else next();
    }
  }
}
