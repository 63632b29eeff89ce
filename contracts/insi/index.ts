import type { Content, Flow, IdentityQuestion, Ins, PartnerId, Traits } from '#core';
import { checkVerify, checkVerifyBatch } from './checks.ts';
import { contract } from './contract.ts';
import result from './schemas/result.json' with { type: 'json' };
import search from './schemas/search.json' with { type: 'json' };
import verify from './schemas/verify.json' with { type: 'json' };
import verifyBatch from './schemas/verify-batch.json' with { type: 'json' };

export const flow: Flow = {
  contract,
  schemas: { search, verify, 'verify-batch': verifyBatch, result },
  hooks: {
    search: { identity: question },
    verify: { identity: question, check: checkVerify },
    'verify-batch': { check: checkVerifyBatch },
  },
};

/** The body is the question: a person of the service asked it now. */
function question({ json }: Content, sender: PartnerId): IdentityQuestion {
  const body = json as Pick<IdentityQuestion, 'evidenceSeen'> & { traits: Traits; ins?: Ins };
  return {
    spsti: sender,
    traits: body.traits,
    ...(body.ins === undefined ? {} : { ins: body.ins }),
    ...(body.evidenceSeen === undefined ? {} : { evidenceSeen: body.evidenceSeen }),
    startedBy: 'person',
  };
}
