/** The whole installation on one screen, and one message's story: what moves, never whom it is about. */
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { flows } from '#contracts';
import type { Activity } from '#core';
import type { Store } from '#storage';
import { Engine } from '../engine/engine.ts';
import { AnyoneRoute, type Caller, CurrentCaller } from '../http/anyone.ts';
import { On } from '../http/listeners.ts';
import { MessagesService } from '../messages/messages.service.ts';
import { STORE } from '../tokens.ts';
import { CertificateRadar } from './certificate-radar.ts';
import { only } from './only.ts';

const HOUR_MS = 3_600_000;
const HOURS = 24;
const SOON_DAYS = 60;
/** beyond, the figure says « many » */
const MOST_OVERDUE = 500;

@On('people')
@AnyoneRoute()
@Controller('v1/operations')
export class OverviewController {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(Engine) private readonly engine: Engine,
    @Inject(CertificateRadar) private readonly radar: CertificateRadar,
    @Inject(MessagesService) private readonly messages: MessagesService,
  ) {}

  @Get('overview')
  async overview(@CurrentCaller() caller: Caller): Promise<object> {
    only(caller, 'operator');
    const { operations } = this.store;
    const { clock, records } = this.engine.stages;
    const now = clock.now();
    const hours = lastHours(now);
    const since = `${hours[0]}:00:00.000Z`;
    const [activity, queues, overdue, dead] = await Promise.all([
      operations.activity(since),
      operations.queueAges(now.toISOString()),
      records.exchanges({ overdue: true, limit: MOST_OVERDUE }),
      operations.deliveriesIn({ state: 'dead', limit: MOST_OVERDUE }),
    ]);
    return {
      at: now.toISOString(),
      since,
      flows: flows.map(({ contract: { flow, title } }) => ({
        flow,
        title,
        ...countsOf(
          activity.filter((one) => one.flow === flow),
          hours,
        ),
        overdue: overdue.filter((one) => one.flow === flow).length,
        dead: dead.filter((one) => one.flow === flow).length,
      })),
      queues,
      certificates: this.radar
        .list()
        .filter(({ days }) => days <= SOON_DAYS)
        .map(({ owner, use, until, days }) => ({ owner, use, until: until.toISOString(), days })),
    };
  }

  @Get('messages/:id')
  message(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<object> {
    only(caller, 'operator');
    return this.messages.supervised(id);
  }
}

/** `YYYY-MM-DDTHH`, the present one last */
function lastHours(now: Date): string[] {
  return Array.from({ length: HOURS }, (_, n) =>
    new Date(now.getTime() - (HOURS - 1 - n) * HOUR_MS).toISOString().slice(0, 13),
  );
}

/** What went wrong is counted apart from what is still on its way. */
function countsOf(activity: readonly Activity[], hours: readonly string[]) {
  const sum = (fits: (one: Activity) => boolean) =>
    activity.filter(fits).reduce((total, { messages }) => total + messages, 0);
  return {
    perHour: hours.map((hour) => sum((one) => one.hour === hour)),
    accepted: sum(() => true),
    delivered: sum(({ status }) => status === 'delivered'),
    failed: sum(({ status }) => ['refused', 'dead', 'expired'].includes(status)),
    held: sum(({ status }) => status === 'held'),
  };
}
