import type { HeldProposal } from '#core';
import { rewrapIn } from './rewrap.ts';
import { type Area, insertInto, jsonOrNull, oneRow } from './statement.ts';

/** The proposal that stands is the one that was read: JSON, '' for none. */
const STANDING = `coalesce(proposal, '') = @standing`;

export const heldStatements: Area<'held'> = {
  'held.insert': {
    sql: insertInto('held_identity', [
      'id',
      'messageId',
      'partner',
      'reasons',
      'heldAt',
      'proposal',
      'decision',
      'decidedAt',
      'wrappedKey',
      'kekId',
      'bytes',
    ]),
    params: ({ held: { details, ...held } }) => ({
      ...held,
      ...details.atRest,
      bytes: details.bytes,
      reasons: JSON.stringify(held.reasons),
      proposal: jsonOrNull(held.proposal),
      decision: jsonOrNull(held.decision),
      decidedAt: held.decision?.at,
    }),
  },
  'held.rewrap': rewrapIn('held_identity'),
  'held.decide': {
    sql: `UPDATE held_identity SET decision = @decision, decided_at = @decidedAt, wrapped_key = NULL, bytes = @nothing
      WHERE id = @id AND decision IS NULL AND (@standing IS NULL OR ${STANDING})`,
    params: ({ id, decision, standing }) => ({
      id,
      decision: JSON.stringify(decision),
      decidedAt: decision.at,
      standing: standing && textOf(standing),
      nothing: new Uint8Array(),
    }),
    rows: oneRow,
  },
  'held.propose': {
    sql: `UPDATE held_identity SET proposal = @proposal WHERE id = @id AND decision IS NULL AND ${STANDING}`,
    params: ({ id, proposal, standing }) => ({
      id,
      proposal: JSON.stringify(proposal),
      standing: textOf(standing),
    }),
    rows: oneRow,
  },
};

function textOf(standing: HeldProposal | 'none'): string {
  return standing === 'none' ? '' : JSON.stringify(standing);
}
