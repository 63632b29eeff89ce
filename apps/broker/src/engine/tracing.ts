/** OpenTelemetry traces of the stages, sent over OTLP/HTTP (JSON). Every span is given its parent: nothing is looked up around it. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Attributes,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { type ExportResult, ExportResultCode, parseTraceParent } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { asBrokerError, type SpanFacts, type Tracer, UNTRACED } from '#core';
import type { Configuration } from '../config/environment.ts';
import type { Log } from './log.ts';

/** a collector that does not answer delays no stop for longer */
const LAST_SPANS_MS = 3_000;
/** between two lines in the log about spans that were lost */
const TOLD_MS = 60_000;

const KINDS: Record<Parameters<Tracer['span']>[0], SpanKind> = {
  accept: SpanKind.SERVER,
  prepare: SpanKind.CONSUMER,
  'verify-identity': SpanKind.CLIENT,
  deliver: SpanKind.PRODUCER,
};

/** What a fact is called in a trace. */
const NAMES: Record<keyof SpanFacts, string> = {
  messageId: 'relais.message.id',
  deliveryId: 'relais.delivery.id',
  flow: 'relais.flow',
  object: 'relais.object',
  sender: 'relais.sender',
  recipient: 'relais.recipient',
  transport: 'relais.transport',
  attempt: 'relais.attempt',
  outcome: 'relais.outcome',
  code: 'error.type',
};

export interface Tracing extends Tracer {
  /** Sends what is left, at most some seconds. */
  close(): Promise<void>;
}

/** Without a collector nothing is traced, and nothing is paid for it. */
export function createTracing({ tracing }: Pick<Configuration, 'tracing'>, log: Log): Tracing {
  if (tracing.endpoint === undefined) return { span: UNTRACED.span, close: async () => undefined };
  const exporter = new OTLPTraceExporter({
    url: new URL('v1/traces', tracing.endpoint.replace(/\/*$/, '/')).href,
    headers: tracing.headers.reveal(),
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': tracing.serviceName,
      'service.instance.id': randomUUID(),
    }),
    // a sender that traces, or does not, is followed
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(tracing.share) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new ToldExporter(exporter, log) })],
  });
  const tracer = provider.getTracer('relais');
  return {
    span: (step, facts, parent, work) => inSpan(tracer, step, facts, parent, work),
    close: async () => {
      const flushed = provider.shutdown().catch((error: unknown) => {
        log.warn({ err: error }, 'last spans not sent');
      });
      await Promise.race([flushed, pause(LAST_SPANS_MS, undefined, { ref: false })]);
    },
  };
}

async function inSpan<T>(
  tracer: OtelTracer,
  step: Parameters<Tracer['span']>[0],
  facts: SpanFacts,
  parent: string | undefined,
  work: Parameters<Tracer['span']>[3],
): Promise<T> {
  const from = parent === undefined ? null : parseTraceParent(parent);
  const context =
    from === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...from, isRemote: true });
  const span = tracer.startSpan(step, { kind: KINDS[step], attributes: attributesOf(facts) }, context);
  try {
    return (await work({
      traceparent: traceparentOf(span.spanContext()),
      set: (more) => {
        span.setAttributes(attributesOf(more));
        if (more.code !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
      },
    })) as T;
  } catch (error) {
    const { code, next } = asBrokerError(error);
    span.setAttributes(attributesOf({ code, outcome: next === 'reject' ? 'refused' : 'failed' }));
    // what a sender must correct is no error of ours
    if (next !== 'reject') span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

function attributesOf(facts: SpanFacts): Attributes {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [NAMES[name as keyof SpanFacts], value]),
  );
}

/** https://www.w3.org/TR/trace-context/#traceparent-header */
function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${(traceFlags & 1).toString(16).padStart(2, '0')}`;
}

/** Spans that no collector took are lost, and that is said. */
class ToldExporter implements SpanExporter {
  #toldAt = 0;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly log: Log,
  ) {}

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.exporter.export(spans, (result) => {
      const now = Date.now();
      if (result.code !== ExportResultCode.SUCCESS && now - this.#toldAt > TOLD_MS) {
        this.#toldAt = now;
        this.log.warn({ err: result.error, spans: spans.length }, 'spans not sent');
      }
      done(result);
    });
  }

  async forceFlush(): Promise<void> {
    await this.exporter.forceFlush?.();
  }

  async shutdown(): Promise<void> {
    await this.exporter.shutdown();
  }
}
