import { awaitsAnswer, type Directory, type DmstRequest, type Exchange, furthest } from '#core';

/**
 * What B sees of a request: each source, how many have answered, and the best dossier so far.
 * @param whole for health professionals: when somebody was last seen is of part H
 */
export function requestView(
  request: DmstRequest,
  exchanges: readonly Exchange[],
  directory: Directory,
  whole: boolean,
): { id: string; [member: string]: unknown } {
  const sources = request.sources.map((partner) => {
    const exchange = exchanges.find(({ responder }) => responder === partner);
    return {
      partner,
      name: directory.partner(partner)?.name ?? partner,
      state: exchange?.state ?? (request.state === 'cancelled' ? 'CANCELLED' : 'DRAFT'),
      ...(exchange === undefined ? {} : { deadline: exchange.deadline, overdue: exchange.overdue }),
      ...(exchange?.refusal === undefined ? {} : { refusal: exchange.refusal }),
    };
  });
  const best = exchanges.find(({ answerId }) => answerId !== undefined && answerId === request.best);
  const answered = exchanges.filter(
    (exchange) => !awaitsAnswer(exchange) && !discreetlyWaiting(exchange),
  ).length;
  return {
    id: request.id,
    // an older dossier is CLOSED, which says nothing of the one that was kept
    state:
      request.state === 'cancelled'
        ? 'CANCELLED'
        : (best?.state ?? furthest(sources.map(({ state }) => state))),
    createdAt: request.createdAt,
    expiresAt: request.expiresAt,
    answered: `${answered} sur ${sources.length}`,
    sources,
    ...(best === undefined || request.state === 'cancelled'
      ? {}
      : {
          best: {
            partner: best.responder,
            messageId: best.answerId,
            ...(whole ? { lastVisit: best.lastVisit } : {}),
          },
        }),
  };
}

/** A refusal that waits for the common tick still looks unanswered. */
function discreetlyWaiting(exchange: Exchange): boolean {
  return (
    exchange.answerId !== undefined &&
    exchange.lastVisit === undefined &&
    ['SUBMITTED', 'DELIVERED'].includes(exchange.state)
  );
}
