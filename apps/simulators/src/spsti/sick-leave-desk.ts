/** A service's software takes the notice of a stop: finds the worker, puts the visits on its work list, says so. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Desk, strictReader } from '../partner/index.ts';
import { followed, type NamedPerson } from './register.ts';

interface Notice {
  person: NamedPerson;
  stop: { to: string };
  derivedTasks: { visit: 'VPRE' | 'VREP'; rule: string; from?: string; dueBy: string }[];
}

const TASK_CODES = { VPRE: 'task-vpre', VREP: 'task-vrep' } as const;

export const noticeDesk: Desk = async (delivery, client) => {
  // closed: a notice that still tells a medical reason is no notice
  const conforms = await strictReader(client, 'sick-leave', 'notice-delivered');
  const notice = delivery.json() as Notice;
  if (conforms(notice).length > 0) return { outcome: { outcome: 'refused', code: 'notice.unreadable' } };
  const worker = followed(notice.person);
  if (worker === undefined) {
    return {
      outcome: { outcome: 'received' },
      acknowledgement: { outcome: 'refused', items: [{ pointer: '/person', code: 'unknown-worker' }] },
    };
  }
  const reference = `arret-${delivery.messageId}`;
  const workList = { reference, worker: worker.birthName, visits: notice.derivedTasks };
  const folder = dirname(delivery.files[0] ?? '');
  // one file for one message: taking it twice changes nothing
  writeFileSync(
    join(folder, `visites-${delivery.messageId}.json`),
    `${JSON.stringify(workList, null, 2)}\n`,
    {
      mode: 0o600,
    },
  );
  const known = notice.person.ins !== undefined;
  return {
    outcome: { outcome: 'filed' },
    acknowledgement: {
      outcome: known ? 'accepted' : 'partial',
      reference,
      items: [
        known ? { code: 'matched' } : { pointer: '/person', code: 'no-ins' },
        ...notice.derivedTasks.map(({ visit }, n) => ({
          pointer: `/derivedTasks/${n}`,
          code: TASK_CODES[visit],
        })),
      ],
    },
  };
};
