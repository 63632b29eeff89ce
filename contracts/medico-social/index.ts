import type { Content, Flow, IdentityQuestion, PartnerId } from '#core';
import type { SupportSummary } from '#core/support-summary';
import { checkSummary } from './checks.ts';
import { contract } from './contract.ts';
import summary from './schemas/summary.json' with { type: 'json' };
import { divideSummary } from './summary.ts';

export const flow: Flow = {
  contract,
  schemas: { summary },
  hooks: { summary: { check: checkSummary, identity: whoItIsAbout, divide: divideSummary } },
};

function whoItIsAbout({ json }: Content, sender: PartnerId): IdentityQuestion {
  const { subject, evidenceSeen } = json as SupportSummary;
  const { ins, birthName, firstNames, sex, birthDate, birthPlace } = subject;
  return {
    spsti: sender,
    traits: { birthName, firstNames, sex, birthDate, ...(birthPlace === undefined ? {} : { birthPlace }) },
    ...(ins === undefined ? {} : { ins: { value: ins.value, key: ins.key, oid: ins.oid } }),
    ...(evidenceSeen === undefined ? {} : { evidenceSeen }),
    startedBy: 'system',
  };
}
