/**
 * What a team would write instead of Relais: NestJS on Fastify, TLS with client certificates, ajv on the same schema,
 * JWE by jose, RabbitMQ with confirms, consume, POST, ack. No database, journal, receipt, identity or idempotency.
 * `node main.js <settings.json>` sends its port to its parent once it listens.
 */
import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import {
  BadRequestException,
  Body,
  Controller,
  Headers,
  HttpCode,
  Module,
  Post,
  type RawBodyRequest,
  Req,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { connect } from 'amqplib';
import type { FastifyRequest } from 'fastify';
import { CompactEncrypt } from 'jose';
import { Agent, request } from 'undici';
import type { BaselineSettings } from './settings.ts';

const settings = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as BaselineSettings;
const { ca, server, client, recipient, schema, amqpUrl, sink } = settings;
const QUEUE = 'relais-bench-baseline';
const AT_A_TIME = 16;

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
const validate = ajv.compile(schema);
const recipientKey = new X509Certificate(recipient).publicKey;

const connection = await connect(amqpUrl, { noDelay: true });
const channel = await connection.createConfirmChannel();
await channel.assertQueue(QUEUE, { durable: true });
await channel.prefetch(AT_A_TIME);
const publish = promisify(channel.publish.bind(channel));

@Controller('v1/messages')
class Messages {
  @Post()
  @HttpCode(202)
  async post(
    @Headers('ce-id') id: string,
    @Req() { rawBody }: RawBodyRequest<FastifyRequest>,
    @Body() body: unknown,
  ): Promise<object> {
    if (!validate(body) || rawBody === undefined) throw new BadRequestException(validate.errors);
    const header = { alg: 'RSA-OAEP-256', enc: 'A256GCM' };
    const jwe = await new CompactEncrypt(rawBody).setProtectedHeader(header).encrypt(recipientKey);
    await publish('', QUEUE, Buffer.from(jwe), { persistent: true, messageId: id });
    return { id };
  }
}

@Module({ controllers: [Messages] })
class App {}

const dispatcher = new Agent({ connect: { ca, ...client } });
await channel.consume(QUEUE, async (message) => {
  if (message === null) return;
  const headers = { 'content-type': 'application/jose', 'ce-id': String(message.properties.messageId) };
  const answer = await request(sink, { method: 'POST', headers, body: message.content, dispatcher });
  await answer.body.dump();
  if (answer.statusCode < 300) channel.ack(message);
  else channel.nack(message);
});

const https = { ca, ...server, requestCert: true, rejectUnauthorized: true };
const app = await NestFactory.create<NestFastifyApplication>(App, new FastifyAdapter({ https }), {
  rawBody: true,
  logger: false,
});
await app.listen(0, '127.0.0.1');
process.send?.({ port: (app.getHttpServer().address() as AddressInfo).port });
