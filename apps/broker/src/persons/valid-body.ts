import { ValidationPipe } from '@nestjs/common';
import { BrokerError, type Finding } from '#core';

/** class-validator on one of our own request bodies; what is wrong becomes `content.invalid`, values never repeated. */
export function validBody(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    exceptionFactory: (errors) =>
      new BrokerError('content.invalid', {
        findings: errors.flatMap(({ property, constraints }) =>
          Object.keys(constraints ?? {}).map((rule): Finding => {
            const pointer = `/${property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
            return { pointer, code: `body.${rule}`, detail: 'Valeur absente ou non conforme.' };
          }),
        ),
      }),
  });
}
