import {
  type Content,
  type HookContext,
  type IdentityQuestion,
  type Ins,
  type NamedPerson,
  type Part,
  type PartnerId,
  questionAbout,
  verifiedPerson,
} from '#core';

/** `ins` is the sender's own claim: kept only when Relais' verification qualifies it */
interface RequestedWorker extends NamedPerson {
  /** matricule that the asker's file bears: compared, never transmitted */
  heldIns?: Ins;
}

export function whoIsAskedAbout({ json }: Content, sender: PartnerId): IdentityQuestion {
  const { heldIns, ...worker } = (json as { worker: RequestedWorker }).worker;
  return questionAbout(sender, { ...worker, ...(heldIns === undefined ? {} : { ins: heldIns }) });
}

/** The source gets the traits and the status that Relais verified, and the matricule only of a qualified identity. */
export function divideRequest(
  { json }: Content,
  { verdict }: HookContext,
): { parts: Part[]; removed: number } {
  const { worker, ...rest } = json as { worker: RequestedWorker };
  const told = { ...rest, worker: verifiedPerson(worker.traits, verdict) };
  return {
    parts: [{ audience: 'enc', mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(told)) }],
    removed: 0,
  };
}
