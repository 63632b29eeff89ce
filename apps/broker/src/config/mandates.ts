/** What a partner entrusts to Relais, as one list: whoever looks at certificates and dates misses none of it. */
import type { Partner } from '#core';

export interface HeldMandate {
  name: 'insi' | 'mailbox' | 'seal' | 'dmp';
  /** French */
  title: string;
  from: string;
  to: string;
  pairs: readonly HeldPair[];
}

export interface HeldPair {
  use: 'insi-auto' | 'insi-manu' | 'mailbox' | 'mailbox-encryption' | 'mailbox-signature' | 'seal' | 'dmp';
  /** JSON pointer inside the partner */
  at: string;
  certificate: string;
  key: string;
}

const TITLES = {
  insi: 'mandat INSi',
  mailbox: 'mandat de messagerie',
  seal: 'mandat de cachet',
  dmp: 'mandat DMP',
} as const;

export function mandatesOf({ mandate: { insi, mailbox, seal, dmp } = {} }: Partner): HeldMandate[] {
  const held = (
    name: HeldMandate['name'],
    { from, to }: { from: string; to: string },
    pairs: HeldPair[],
  ): HeldMandate => ({ name, title: TITLES[name], from, to, pairs });
  const pair = (
    use: HeldPair['use'],
    at: string,
    { certificate, key }: { certificate?: string; key?: string } = {},
  ): HeldPair[] =>
    certificate === undefined && key === undefined
      ? []
      : [{ use, at, certificate: certificate ?? '', key: key ?? '' }];
  return [
    ...(insi === undefined
      ? []
      : [
          held('insi', insi, [
            ...pair('insi-auto', '/mandate/insi/auto', insi.auto),
            ...pair('insi-manu', '/mandate/insi/manu', insi.manu),
          ]),
        ]),
    ...(mailbox === undefined
      ? []
      : [
          held('mailbox', mailbox, [
            ...pair('mailbox', '/mandate/mailbox', mailbox),
            ...pair('mailbox-encryption', '/mandate/mailbox/encryption', mailbox.encryption),
            ...pair('mailbox-signature', '/mandate/mailbox/signature', mailbox.signature),
          ]),
        ]),
    ...(seal === undefined ? [] : [held('seal', seal, pair('seal', '/mandate/seal', seal))]),
    ...(dmp === undefined ? [] : [held('dmp', dmp, pair('dmp', '/mandate/dmp', dmp))]),
  ];
}
