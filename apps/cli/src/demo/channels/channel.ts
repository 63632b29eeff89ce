/** One channel of the demo: a partner's end of it on loopback, and what the agreements say of it. */
import type { Partner, PartnerId } from '#core';

export interface DemoChannel {
  /** laid over the agreements, by partner; PEM values may be `{ file }`, relative to the home folder */
  agreements: Readonly<Record<PartnerId, DemoAgreement>>;
  /** environment of the broker */
  settings: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Members of the partners file: what `Partner` says, with PEM texts as files. */
export interface DemoAgreement {
  channels?: { [C in keyof NonNullable<Partner['channels']>]?: object };
  mandate?: { [M in keyof NonNullable<Partner['mandate']>]?: object };
  vigilance?: NonNullable<Partner['vigilance']>;
  pages?: boolean;
  automaticRelease?: boolean;
}

/** Every channel's agreements over each other: members of one partner are joined. */
export function joined(
  channels: readonly Pick<DemoChannel, 'agreements'>[],
): Record<PartnerId, DemoAgreement> {
  const all: Record<PartnerId, DemoAgreement> = {};
  for (const { agreements } of channels)
    for (const [id, { channels: ways, mandate, ...more }] of Object.entries(agreements)) {
      const before = all[id] ?? {};
      all[id] = {
        ...before,
        ...more,
        ...(ways === undefined ? {} : { channels: { ...before.channels, ...ways } }),
        ...(mandate === undefined ? {} : { mandate: { ...before.mandate, ...mandate } }),
      };
    }
  return all;
}
