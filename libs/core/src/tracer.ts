/** Steps told to whoever watches: how long, what came of it, and which trace they belong to. */
import type { Span, SpanFacts, Tracer } from './ports.ts';

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
