import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post } from '@nestjs/common';
import {
  BrokerError,
  bareMediaType,
  bulkFindings,
  type Clock,
  type Content,
  checkFlow,
  checkMediaType,
  checkSize,
  eventType,
  type Finding,
  type FlowInForce,
  findingsOf,
  parseJson,
  type Renderer,
} from '#core';
import { AnyoneRoute } from '../http/anyone.ts';
import { On } from '../http/listeners.ts';
import { CLOCK, FLOWS, RENDERER } from '../tokens.ts';
import type { FlowsInForce } from './flows-in-force.ts';

/** of lines: a dry run is not answered with more than it sent */
const MAX_TOLD = 1_000;

@On('partners', 'people')
@AnyoneRoute()
@Controller('v1/flows')
export class FlowsController {
  constructor(
    @Inject(FLOWS) private readonly flows: FlowsInForce,
    @Inject(RENDERER) private readonly renderer: Renderer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  all(): object[] {
    return this.flows.all().map(card);
  }

  @Get(':flow')
  async one(@Param('flow') name: string): Promise<object> {
    const inForce = this.flows.of(name);
    if (inForce === undefined) throw new BrokerError('not-found');
    const { contract, schemas } = inForce.flow;
    return { ...card(inForce), contract, schemas, samples: await this.flows.samples(contract) };
  }

  /** Dry run: findings per JSON pointer, nothing stored. `ce-type` names the object when the flow has several. */
  @Post(':flow/check')
  @HttpCode(200)
  async check(
    @Param('flow') name: string,
    @Headers('content-type') contentType: string | undefined,
    @Headers('ce-type') type: string | undefined,
    @Headers('ce-lastvisit') lastVisit: string | undefined,
    @Headers('ce-recipient') recipient: string | undefined,
    @Body() body: Buffer | undefined,
  ): Promise<object> {
    const inForce = this.flows.of(name);
    if (inForce === undefined) throw new BrokerError('not-found');
    const [first] = Object.entries(inForce.flow.contract.objects).map(([object, { major }]) =>
      eventType(name, object, major),
    );
    const named = checkFlow({ event: { type: type ?? first ?? '' } }, this.flows);
    if (named.flow !== name) throw new BrokerError('flow.unknown');
    const mediaType = bareMediaType(contentType ?? 'application/json');
    const data = body ?? Buffer.alloc(0);
    checkMediaType({ mediaType }, named.contract);
    checkSize({ data }, named.contract);
    const findings = await this.#findings({ mediaType, bytes: data }, named, lastVisit, recipient);
    return { flow: name, object: named.object, valid: findings.length === 0, findings };
  }

  async #findings(
    content: Content,
    named: Parameters<typeof findingsOf>[1],
    lastVisit: string | undefined,
    recipient: string | undefined,
  ): Promise<readonly Finding[]> {
    if (content.mediaType === 'application/pdf') return this.renderer.inspect(content.bytes);
    try {
      if (content.mediaType === 'application/json') content.json = parseJson(content.bytes);
    } catch (error) {
      if (error instanceof BrokerError && error.findings.length > 0) return error.findings;
      throw error;
    }
    const context = {
      now: this.clock.now().toISOString(),
      recipients: (recipient ?? named.contract.recipients.fixed ?? '').split(' ').filter((id) => id !== ''),
      ...(lastVisit === undefined ? {} : { lastVisit }),
    };
    const { bulk } = named.contract;
    return bulk === undefined
      ? findingsOf(content, named, context)
      : bulkFindings(content.bytes, named, bulk, context).slice(0, MAX_TOLD);
  }
}

function card({ flow: { contract }, hash }: FlowInForce): object {
  const { flow, title, version, objects } = contract;
  return {
    flow,
    title,
    version,
    hash,
    objects: Object.entries(objects).map(([object, { title, major, senders, recipients, mediaTypes }]) => ({
      object,
      title,
      major,
      type: eventType(flow, object, major),
      senders,
      recipients: recipients.kinds,
      mediaTypes,
    })),
  };
}
