import { asBrokerError } from './errors.ts';
import { WriteConflict } from './ports.ts';

/** others that may write the same rows at once are few */
const TURNS = 5;

/** A step that reads, then writes fenced on what it read: done again when somebody else wrote first. */
export async function again<T>(step: () => Promise<T>): Promise<T> {
  for (let turn = 1; ; turn++) {
    try {
      return await step();
    } catch (error) {
      const cameFirst = error instanceof WriteConflict || asBrokerError(error).code === 'writer.fenced';
      if (!cameFirst || turn === TURNS) throw error;
    }
  }
}
