/** Which mailbox may hold what. */
import type { ObjectContract } from '../contract.ts';
import { BrokerError } from '../errors.ts';
import type { Ins } from '../identity.ts';
import type { Audience } from '../partner.ts';
import type { MssanteChannel } from './mssante.ts';

/** Domain of the mailboxes of Mon espace santé (ECO.2.2.6). */
export const PATIENT_DOMAIN = 'patient.mssante.fr';

/** Whether what is for those readers may lie in that mailbox. */
export function mayBeMailed({ readers = 'service' }: MssanteChannel, audience: Audience): boolean {
  return audience === 'enc' || readers === 'health';
}

export function isPatientMailbox(address: string): boolean {
  return address.toLowerCase().endsWith(`@${PATIENT_DOMAIN}`);
}

/**
 * Mailbox of a person in Mon espace santé: written to only about that very person, whose identity is qualified (so that
 * the matricule is there), by a flow whose contract says that what it carries is the worker's own.
 *
 * @throws BrokerError `mail.patient-not-allowed`
 */
export function patientMailbox(
  contract: Pick<ObjectContract, 'forTheWorker'> | undefined,
  ins: Ins | undefined,
): string {
  if (contract?.forTheWorker === true && ins !== undefined) return `${ins.value}${ins.key}@${PATIENT_DOMAIN}`;
  throw new BrokerError('mail.patient-not-allowed', { next: 'stop' });
}
