/**
 * The lines in which jobs wait. A recipient's deliveries have its own, and so have a sender's messages to prepare: a
 * partner that is down delays nobody, and one that sends ten thousand at once holds back its own only.
 */
import type { Job, Message, Stage } from './message.ts';
import type { PartnerId } from './partner.ts';

const PREPARE = 'prepare:';

/** No partner's id holds a colon. */
export function prepareLane(sender: PartnerId): string {
  return `${PREPARE}${sender}`;
}

/** Which stage works on the jobs of a lane. */
export function stageOfLane(lane: string): Stage {
  // one line for all senders: what an earlier version left waiting
  return lane === 'prepare' || lane.startsWith(PREPARE) ? 'prepare' : 'deliver';
}

/** The job of a message's second stage. */
export function prepareJob({ id: messageId, sender, priority }: Message, id: string, runAt: Date): Job {
  return {
    id,
    stage: 'prepare',
    lane: prepareLane(sender),
    rank: priority === 'interactive' ? 0 : 1,
    messageId,
    runAt: runAt.toISOString(),
    attempts: 0,
  };
}
