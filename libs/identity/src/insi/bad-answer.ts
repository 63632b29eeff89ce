import { BrokerError } from '#core';

/**
 * INSi answered something that may not be believed: nobody asks again by itself, a person looks.
 * `why` is one of our own sentences, never a piece of the answer.
 */
export function badAnswer(why: string | BrokerError): BrokerError {
  return new BrokerError('transport.bad-answer', {
    next: 'hold',
    detail: 'La réponse du téléservice INSi est incompréhensible : elle n’a pas été utilisée.',
    cause: typeof why === 'string' ? new Error(why) : why,
  });
}
