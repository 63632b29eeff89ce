/** What can go wrong, in three kinds: Relais said no, Relais did not answer, or what came is not genuine. */

/** Relais answered with a problem (RFC 9457). `code` is of the closed list; `detail` is French, for people. */
export class RelaisProblem extends Error {
  override readonly name = 'RelaisProblem';
  readonly status: number;
  readonly code: string;
  readonly detail: string | undefined;
  readonly errors: readonly { pointer: string; code: string; detail: string }[];
  /** occurrence id, to quote to Relais' operator */
  readonly instance: string | undefined;
  /** seconds, where Relais said how long to wait */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: Record<string, unknown>, retryAfter: number | undefined) {
    const code = typeof body['code'] === 'string' ? body['code'] : `http.${status}`;
    super(code);
    this.status = status;
    this.code = code;
    this.detail = text(body['detail']) ?? text(body['title']);
    this.errors = Array.isArray(body['errors']) ? body['errors'] : [];
    this.instance = text(body['instance']);
    this.retryAfter = retryAfter;
  }

  /** The same request may succeed later: ill or busy, not wrong. */
  get passing(): boolean {
    return this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** No answer: what was sent may or may not have arrived. Send it again under the same id. */
export class RelaisUnreachable extends Error {
  override readonly name = 'RelaisUnreachable';
}

/** A receipt, a delivery or a proof that is not what Relais signed, or not for us. Never use its content. */
export class NotGenuine extends Error {
  override readonly name = 'NotGenuine';
  constructor(
    readonly what: 'signature' | 'receipt' | 'delivery' | 'proof',
    readonly reason: string,
  ) {
    super(`${what}: ${reason}`);
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
