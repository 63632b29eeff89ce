import 'reflect-metadata';
import {
  Body,
  Controller,
  createParamDecorator,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import { IsString } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { JsonBody } from '../http/dto.ts';
import { On } from '../http/listeners.ts';
import { PartnerGuard, PartnerRoute } from '../http/partner.ts';
import { routesOf } from './routes.ts';

class Words {
  @IsString()
  said!: string;
}
const Somebody = createParamDecorator(() => 'somebody');

@On('partners')
@PartnerRoute()
@Controller('v1/talks')
class TalksController {
  @Get(':id/parts/:n')
  part(
    @Param('id') id: string,
    @Somebody() who: string,
    @Param('n') n: string,
    @Query('as') as: string,
  ): string {
    return [id, who, n, as].join();
  }

  @Post()
  @HttpCode(202)
  @On('people')
  talk(
    @Headers('ce-id') id: string,
    @Headers('content-type') type: string,
    @Body(JsonBody) { said }: Words,
  ): string {
    return [id, type, said].join();
  }

  @Post('raw')
  raw(@Body() body: Buffer): number {
    return body.length;
  }

  notARoute(): void {
    this.raw(Buffer.alloc(0));
  }
}

describe('the routes of a controller', () => {
  it('are read with their ports, guards, parameters in order, body and status', () => {
    const common = { listeners: ['partners'], guards: [PartnerGuard] };
    expect(routesOf([TalksController])).toEqual([
      {
        ...common,
        method: 'GET',
        path: '/v1/talks/:id/parts/:n',
        handler: 'TalksController.part',
        parameters: ['path:id', 'path:n', 'query:as'],
        status: 200,
      },
      {
        ...common,
        method: 'POST',
        path: '/v1/talks',
        handler: 'TalksController.talk',
        listeners: ['people'],
        parameters: ['header:ce-id'],
        body: Words,
        status: 202,
      },
      {
        ...common,
        method: 'POST',
        path: '/v1/talks/raw',
        handler: 'TalksController.raw',
        parameters: [],
        body: 'bytes',
        status: 201,
      },
    ]);
  });
});
