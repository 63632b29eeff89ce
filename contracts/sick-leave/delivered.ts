/** What a service receives: the notice without the members that are dropped, and the visits to plan. */
import { type Divided, type HookContext, removeMembers, verifiedPerson } from '#core';
import { contract } from './contract.ts';
import type { Notice } from './notice.ts';
import notice from './schemas/notice.json' with { type: 'json' };
import { derivedTasks, TASK_RULES } from './tasks.ts';

const REMOVES = contract.objects['notice']?.transform.removes ?? [];

const day = { type: 'string', format: 'date', maxLength: 10 };

const derived = {
  description: 'visites à prévoir, déduites des dates par les règles publiées (tasks.ts)',
  type: 'array',
  maxItems: TASK_RULES.length,
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['visit', 'rule', 'dueBy'],
    properties: {
      visit: { enum: ['VPRE', 'VREP'] },
      rule: { enum: TASK_RULES.map(({ id }) => id) },
      from: day,
      dueBy: day,
    },
  },
};

/** JSON Schema of the delivered content, made from that of the notice: the two cannot drift apart. */
export const deliveredSchema: object = {
  ...notice,
  $id: notice.$id.replace(':notice:', ':notice-delivered:'),
  title: 'Arrêt de travail, tel que le service le reçoit',
  required: [...notice.required, 'derivedTasks'],
  properties: { ...removeMembers(notice.properties, REMOVES).json, derivedTasks: derived },
};

export function divideNotice(sent: Notice, { verdict }: HookContext): Divided {
  const { json, removed } = removeMembers(sent, REMOVES);
  const told = {
    ...json,
    person: verifiedPerson(sent.person.traits, verdict),
    derivedTasks: derivedTasks(sent.stop),
  };
  const bytes = Buffer.from(JSON.stringify(told));
  return { parts: [{ audience: 'enc', mediaType: 'application/json', bytes }], removed };
}
