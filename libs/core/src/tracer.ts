/** Steps told to whoever watches: how long, what came of it, and which trace they belong to. */
import type { ErrorCode } from './errors.ts';
import type { PartnerId, TransportName } from './partner.ts';

/** What a span may say: ids that Relais drew and names of closed lists. Never a trait, content, or a sender's own id. */
export interface SpanFacts {
  messageId?: string;
  deliveryId?: string;
  flow?: string;
  object?: string;
  sender?: PartnerId;
  recipient?: PartnerId;
  transport?: TransportName;
  attempt?: number;
  /** of the step */
  outcome?: string;
  code?: ErrorCode;
}

export interface Span {
  /** W3C traceparent of this very step, for whoever goes on with it; absent when nothing is traced */
  readonly traceparent?: string;
  set(facts: SpanFacts): void;
}

export interface Tracer {
  /**
   * Runs `work` in a span of its own and never changes what comes of it; what it throws is told by its code.
   * @param parent W3C traceparent; absent or unreadable = a trace of its own
   */
  span<T>(
    step: 'accept' | 'prepare' | 'verify-identity' | 'deliver',
    facts: SpanFacts,
    parent: string | undefined,
    work: (span: Span) => Promise<T>,
  ): Promise<T>;
}

const NO_SPAN: Span = { set: () => undefined };

/** Nobody watches. */
export const UNTRACED: Tracer = { span: (_step, _facts, _parent, work) => work(NO_SPAN) };

/** Runs one step of a stage in a span. @param parent W3C traceparent; absent or unreadable = a trace of its own */
export function traced<T>(
  { tracer = UNTRACED }: { tracer?: Tracer },
  step: Parameters<Tracer['span']>[0],
  facts: SpanFacts,
  parent: string | undefined,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return tracer.span(step, facts, parent, work);
}
