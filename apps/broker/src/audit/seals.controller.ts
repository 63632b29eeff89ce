/** The seals of the journal, newest first: a witness to keep, and what an export must agree with. */
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { BrokerError, type SealClaims } from '#core';
import type { Store } from '#storage';
import { Engine } from '../engine/engine.ts';
import { AnyoneRoute, type Caller, CurrentCaller } from '../http/anyone.ts';
import { On } from '../http/listeners.ts';
import { pageOf } from '../http/page.ts';
import { seesAll } from '../operations/only.ts';
import { STORE } from '../tokens.ts';

@On('people')
@AnyoneRoute()
@Controller('v1/journal')
export class SealsController {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(Engine) private readonly engine: Engine,
  ) {}

  @Get('seals')
  async seals(
    @CurrentCaller() caller: Caller,
    @Query('limit') limit: string | undefined,
    @Query('before') before: string | undefined,
  ): Promise<object[]> {
    seesAll(caller, this.engine.stages.directory);
    const n = before === undefined ? undefined : Number(before);
    if (n !== undefined && !Number.isSafeInteger(n)) throw new BrokerError('event.malformed');
    const seals = await this.store.journal.lastSeals(pageOf(limit, undefined).limit, n);
    return seals.map(({ jws }) => {
      const { at, n, root, size } = segmentOf(jws, 1) as unknown as SealClaims;
      return { n, at, size, root, kid: String(segmentOf(jws, 0)['kid']), jws };
    });
  }
}

/** Ours, and verified by whoever reads them: nothing is believed here. */
function segmentOf(jws: string, index: number): Record<string, unknown> {
  return JSON.parse(Buffer.from(jws.split('.')[index] ?? '', 'base64url').toString());
}
