import type { Content, HookContext, IdentityQuestion, Ins, Part, PartnerId, Traits } from '#core';

interface RequestedWorker {
  traits: Traits;
  /** the sender's own claim: kept only when Relais' verification qualifies it */
  ins?: Ins;
  heldIns?: Ins;
  identityStatus: string;
  evidenceSeen?: IdentityQuestion['evidenceSeen'];
}

/** Each structure verifies for itself: what the sender claims is a question, not an answer. */
export function whoIsAskedAbout({ json }: Content, sender: PartnerId): IdentityQuestion {
  const { traits, ins, heldIns, evidenceSeen } = (json as { worker: RequestedWorker }).worker;
  const held = heldIns ?? ins;
  return {
    spsti: sender,
    traits,
    ...(held === undefined ? {} : { ins: held }),
    ...(evidenceSeen === undefined ? {} : { evidenceSeen }),
    startedBy: 'system',
  };
}

/** The source gets the traits and the status that Relais verified, and the matricule only of a qualified identity. */
export function divideRequest(
  { json }: Content,
  { verdict }: HookContext,
): { parts: Part[]; removed: number } {
  const { worker, ...rest } = json as { worker: RequestedWorker };
  const status = verdict?.status ?? 'PROV';
  const told = {
    ...rest,
    worker: {
      traits: worker.traits,
      identityStatus: status,
      ...(status === 'QUAL' && verdict?.ins !== undefined && !verdict.inDoubt ? { ins: verdict.ins } : {}),
    },
  };
  return {
    parts: [{ audience: 'enc', mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(told)) }],
    removed: 0,
  };
}
