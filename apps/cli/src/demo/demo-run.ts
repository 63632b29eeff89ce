/** What the demo of one flow is given, and what it must tell. */

import type { Campaign } from '#core';
import type { Esms } from '../../../simulators/src/esms/index.ts';
import type { InsiSimulator } from '../../../simulators/src/insi/index.ts';
import type { PartnerSoftware } from '../../../simulators/src/partner/index.ts';
import type { Spsti } from '../../../simulators/src/spsti/index.ts';
import type { DemoChannels } from './channels/index.ts';
import type { DemoPeople } from './people.ts';

export interface DemoWorld {
  services: { 'spsti-a': Spsti; 'spsti-b': Spsti };
  /** software of every other recipient, by partner id */
  partners: Readonly<Record<string, PartnerSoftware>>;
  /** FHIR server of the establishment */
  esms: Esms;
  people: DemoPeople;
  insi: InsiSimulator;
  /** simulators of the channels of French health exchanges */
  channels: DemoChannels;
  peopleUrl: string;
  partnersUrl: string;
  /** surveys as this run of the broker has them */
  campaigns: Readonly<Record<string, Campaign>>;
  /** `<home>/demo/<flow>`: what each partner received and decrypted */
  folder(flow: string): string;
}

export interface DemoLine {
  sender: string;
  recipient: string;
  identity: string;
  transform: string;
  protection: string;
  /** what the channel carried, beside its name: a form, a document (French) */
  form?: string;
  outcome: string;
  /** messages to find journalled */
  messageIds: readonly string[];
  /** files that were read back */
  files: readonly string[];
}

export type FlowDemo = (world: DemoWorld) => Promise<DemoLine>;

/** Of a flow whose delivery waits for a moment: begun before all others, ended after them. */
export type BegunDemo = (world: DemoWorld) => Promise<() => Promise<DemoLine>>;

/** Waits until `look` finds something. @throws Error naming what was awaited */
export async function awaited<T>(what: string, look: () => Promise<T | undefined>, seconds = 30): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} : rien après ${seconds} s`);
}
