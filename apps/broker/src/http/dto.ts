/** A JSON body as a validated class: our own requests only; messages are checked by their contract's schema. */

import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { BrokerError, type Finding, parseJson } from '#core';
import { mediaTypeOf } from './body.ts';

/** `@Body(JsonBody) body: SomeBody`: the parameter's own class says what is expected. */
@Injectable()
export class JsonBody implements PipeTransform<Buffer | undefined, object> {
  transform(body: Buffer | undefined, { metatype }: ArgumentMetadata): object {
    if (metatype === undefined) throw new BrokerError('internal');
    const mediaType = body === undefined ? '' : mediaTypeOf(body);
    if (mediaType !== '' && mediaType !== 'application/json')
      throw new BrokerError('media-type.unsupported', { detail: 'Format accepté : application/json.' });
    return bodyAs(metatype as ClassConstructor<object>, body);
  }
}

/** @throws BrokerError `event.malformed`, `content.invalid` with a finding per wrong member */
export function bodyAs<T extends object>(type: ClassConstructor<T>, body: Buffer | undefined): T {
  const json = parseJson(body ?? Buffer.alloc(0));
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new BrokerError('event.malformed');
  const value = plainToInstance(type, json);
  const errors = validateSync(value, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
  });
  if (errors.length > 0)
    throw new BrokerError('content.invalid', { findings: errors.flatMap((error) => findings(error, '')) });
  return value;
}

/** An unknown member is shown by its parent: its name was chosen by the sender. */
function findings({ property, constraints, children }: ValidationError, at: string): Finding[] {
  const pointer = `${at}/${property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const own = Object.keys(constraints ?? {}).map((rule) =>
    rule === 'whitelistValidation'
      ? { pointer: at, code: 'schema.additionalProperties', detail: 'Membre inconnu.' }
      : { pointer, code: `schema.${rule}`, detail: 'Valeur absente ou non conforme.' },
  );
  return [...own, ...(children ?? []).flatMap((child) => findings(child, pointer))];
}
