import type { ObjectContract } from '../contract.ts';
import { BrokerError } from '../errors.ts';
import type { Incoming } from '../event.ts';
import { awaitsAnswer } from '../exchange.ts';
import type { Exchange } from '../message.ts';
import type { Partner } from '../partner.ts';
import type { Records } from '../ports.ts';

/** An answer belongs to an open exchange between these two; whoever is not a party learns only "unknown". */
export async function checkAnswer(
  { event, partner, decidedOn }: Omit<Incoming, 'data'>,
  contract: ObjectContract,
  recipients: readonly Partner[],
  records: Records,
): Promise<Exchange | undefined> {
  if (contract.answers !== true) return undefined;
  // what may answer may also come unasked, unless its contract requires an exchange
  if (event.correlationid === undefined && !contract.requires.includes('correlationid')) return undefined;
  const exchange = await records.exchange(event.correlationid ?? '');
  if (
    exchange === undefined ||
    exchange.responder !== partner.id ||
    exchange.requester !== recipients[0]?.id
  ) {
    throw new BrokerError('exchange.unknown', {
      detail: 'correlationid ne désigne aucun échange ouvert entre ces deux partenaires.',
    });
  }
  if (event.subjectref !== undefined && event.subjectref !== exchange.subjectRef) {
    throw new BrokerError('content.invalid', {
      findings: [
        {
          pointer: '',
          code: 'exchange.subject-mismatch',
          detail:
            'subjectref n’est pas la référence de cet échange : la réponse concerne peut-être une autre personne.',
        },
      ],
    });
  }
  if (!awaitsAnswer(exchange)) {
    throw new BrokerError('exchange.closed', {
      detail: 'Cet échange a déjà reçu sa réponse, ou il est clos.',
    });
  }
  // an opposition may have come between; from here on the exchange's own write is the fence
  if (decidedOn !== undefined && decidedOn !== exchange.updatedAt) throw new BrokerError('writer.fenced');
  return exchange;
}
