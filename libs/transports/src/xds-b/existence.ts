/**
 * Whether a record is there and may be fed, asked before a deposit (the DMP's TD0.2). Its wire form is not public: the
 * one here is ours (`relais-1`), spoken by the simulator alone. Another one takes its place behind the same port.
 */
import type { Ins } from '#core';
import { only, unreadable } from '../soap/read-xml.ts';
import type { XmlTree } from '../soap/write-xml.ts';
import type { HttpAnswer } from './post.ts';
import { readBody } from './read-answer.ts';
import { patientCx } from './vihf.ts';

export type DossierState = 'active' | 'absent' | 'closed' | 'opposed';

export interface ExistenceForm {
  action: string;
  namespace: string;
  ask(ins: Ins): XmlTree;
  /** @throws BrokerError `transport.bad-answer` */
  read(answer: HttpAnswer): Promise<DossierState>;
}

const NAMESPACE = 'urn:relais:dmp-existence:1';
const STATES: readonly DossierState[] = ['active', 'absent', 'closed', 'opposed'];

export const OUR_EXISTENCE_FORM: ExistenceForm = {
  action: 'urn:relais:dmp-existence:1:DossierState',
  namespace: NAMESPACE,
  ask: (ins) => ['ex:DossierStateRequest', [['ex:patientId', patientCx(ins)]]],
  read: (answer) =>
    readBody(answer, (body) => {
      const state = only(body, NAMESPACE, 'DossierStateResponse').attr('state')?.value;
      const known = STATES.find((one) => one === state);
      if (known === undefined) throw unreadable();
      return known;
    }),
};
