/** The work list: identities in doubt (what was sent, what INSi said), lines too few to hide somebody; and the decision of a person. */
import {
  asBrokerError,
  BrokerError,
  type EvidenceCode,
  type HeldDecision,
  type HeldIdentity,
  type PartnerId,
  type Person,
  prepareLane,
  recordEntry,
  type Write,
  write,
} from '#core';
import { checkDecision } from '#identity';
import type { Engine } from '../engine/engine.ts';
import { turnOf } from './four-eyes.ts';
import { heldViews } from './held-view.ts';
import { type HeldMessage, journalled, proposing, settling, TOO_FEW } from './held-writes.ts';

export interface Decision {
  verdict: 'release' | 'refuse';
  evidence: string;
  reason: string;
}

export type OfService = Person & { partner: PartnerId };

export class HeldService {
  constructor(
    private readonly engine: Engine,
    /** no default choice anywhere: the list is a setting */
    private readonly acceptedEvidence: readonly EvidenceCode[],
  ) {}

  /** Whose identities are shown is somebody's to answer for: it is journalled that they were, never who they are. */
  async list({ partner, pseudonym }: OfService): Promise<object[]> {
    const { clock, ids, records, unitOfWork, vault } = this.engine.stages;
    const held = await records.heldOf(partner);
    const shown = heldViews(held, vault, this.#fourEyes(partner));
    const identities = held.filter(({ reasons }) => !reasons.includes(TOO_FEW)).length;
    if (identities > 0) {
      const entry = recordEntry({
        id: ids.next(),
        at: clock.now().toISOString(),
        kind: 'identity.shown',
        actor: `person:${pseudonym}`,
        details: { partner, identities },
      });
      await unitOfWork.commit([write('journal.entry', { entry })]);
    }
    return shown;
  }

  /** One decision settles every source of the same request: the doubt is about the person, not about who is asked. */
  async decide(person: OfService, id: string, decision: Decision): Promise<object> {
    const { bell, clock, records } = this.engine.stages;
    const held = await records.held(id);
    if (held === undefined || held.partner !== person.partner) throw new BrokerError('not-found');
    const at = clock.now().toISOString();
    const { verdict } = decision;
    const said = this.#checked({ ...decision, by: person.pseudonym }, held, at);
    const same = await this.#sameDoubt(held);
    if (held.decision !== undefined || same.length === 0)
      throw conflict('Ce message n’attend plus de décision.');
    const standing = [held, ...same.map((one) => one.held)].find(({ proposal }) => proposal)?.proposal;
    const turn = turnOf(said, standing, this.#fourEyes(held.partner));
    if (turn === 'repeats') throw conflict(OWN_PROPOSAL);
    if (turn === 'proposes') {
      const proposal = { ...said, verdict: 'release' as const };
      await this.#commit(
        await writesOf(same, async (one) => [
          proposing(one, proposal),
          ...(await journalled(this.engine.stages, person, one, 'proposed', said)),
        ]),
      );
      return { id, verdict, at, state: 'proposed' };
    }
    const both: HeldDecision =
      turn === 'confirms' && standing !== undefined ? { ...said, proposedBy: standing.by } : said;
    const what = verdict === 'release' ? 'released' : 'refused';
    await this.#commit(
      await writesOf(same, async (one) => [
        ...(await settling(this.engine.stages, one, both, turn === 'confirms')),
        ...(await journalled(this.engine.stages, person, one, what, both)),
      ]),
    );
    if (verdict === 'release') for (const { message } of same) bell.ring(prepareLane(message.sender));
    return { id, verdict, at, state: 'settled' };
  }

  /** As the service's agreement says now. */
  #fourEyes(partner: PartnerId): boolean {
    return this.engine.stages.directory.partner(partner)?.vigilance?.fourEyes === true;
  }

  #checked(decision: Decision & { by: string }, { reasons }: HeldIdentity, at: string): HeldDecision {
    const rules = {
      at,
      ...(reasons.includes(TOO_FEW) ? {} : { acceptedEvidence: this.acceptedEvidence }),
    };
    const checked = checkDecision(decision, rules);
    if (!checked.ok) throw new BrokerError('content.invalid', { findings: checked.findings });
    return checked.value;
  }

  /** The held message itself, and those by which the same request asked other services. */
  async #sameDoubt({ messageId }: HeldIdentity): Promise<HeldMessage[]> {
    const { records } = this.engine.stages;
    const [exchange] = await records.exchanges({ requestId: messageId });
    const siblings =
      exchange?.groupId === undefined ? [] : await records.exchanges({ groupId: exchange.groupId });
    const ids = new Set([messageId, ...siblings.map(({ requestId }) => requestId)]);
    const found = await Promise.all(
      [...ids].map(async (id) => ({ message: await records.message(id), held: await records.held(id) })),
    );
    return found.flatMap(({ message, held }) =>
      message?.status === 'held' && held !== undefined ? [{ message, held }] : [],
    );
  }

  /** Two at once: one is first, and the other is told so. */
  async #commit(writes: readonly Write[]): Promise<void> {
    try {
      await this.engine.stages.unitOfWork.commit(writes);
    } catch (error) {
      if (asBrokerError(error).code !== 'writer.fenced') throw error;
      throw conflict(
        'Ce doute vient de changer : un collègue a décidé ou proposé, ou la demande a bougé. Relisez la liste.',
      );
    }
  }
}

const OWN_PROPOSAL =
  'Vous avez vous-même proposé de laisser partir ce message : un autre membre de la cellule doit confirmer. Vous pouvez encore refuser.';

async function writesOf(
  same: readonly HeldMessage[],
  writes: (one: HeldMessage) => Promise<Write[]>,
): Promise<Write[]> {
  return (await Promise.all(same.map(writes))).flat();
}

function conflict(detail: string): BrokerError {
  return new BrokerError('state.conflict', { detail });
}
