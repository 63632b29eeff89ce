/** What the demo does with a flow that has no story of its own: its first valid sample, sent and read back. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { contractFolder, eventType, type Flow, type PartnerKind } from '#core';
import { DEMO_PARTNERS } from '../pki/demo-partners.ts';
import { kindOf } from './demo-home.ts';
import { awaited, type DemoWorld, type FlowDemo } from './demo-run.ts';

export function sampleDemo({ contract }: Flow): FlowDemo {
  return async (world) => {
    const [object, terms] = Object.entries(contract.objects)[0] ?? [];
    if (object === undefined || terms === undefined) throw new Error('aucun objet');
    const sender = partnerOf(terms.senders);
    const recipient = terms.recipients.fixed ?? partnerOf(terms.recipients.kinds, sender);
    const file = firstSample(contract, object);
    const { id } = await softwareOf(world, sender).client.send({
      id: `${contract.flow}-${Date.now()}`,
      type: eventType(contract.flow, object, terms.major),
      datacontenttype: 'application/json',
      recipient,
      data: readFileSync(file),
    });
    const { files } = await awaited(`la remise à ${recipient}`, async () =>
      softwareOf(world, recipient).received.find(({ messageId }) => messageId === id),
    );
    const folder = world.folder(contract.flow);
    mkdirSync(folder, { recursive: true });
    const copies = files.map((received) => join(folder, basename(received)));
    for (const [i, copy] of copies.entries()) copyFileSync(files[i] ?? '', copy);
    return {
      sender,
      recipient,
      identity: terms.identity === 'none' ? '–' : 'vérifiée',
      transform: terms.transformLabel,
      protection: 'JWS + JWE',
      outcome: 'remis',
      messageIds: [id],
      files: copies,
    };
  };
}

function firstSample(contract: Flow['contract'], object: string): string {
  const folder = join('contracts', contractFolder(contract), 'samples/valid');
  const name = readdirSync(folder)
    .sort()
    .find((one) => one.startsWith(`${object}.`));
  if (name === undefined) throw new Error(`${object} : aucun exemple`);
  return join(folder, name);
}

function partnerOf(kinds: readonly PartnerKind[], other?: string): string {
  const found = DEMO_PARTNERS.find(({ id }) => id !== other && kinds.includes(kindOf(id)));
  if (found === undefined) throw new Error('aucun partenaire de cette nature');
  return found.id;
}

function softwareOf({ services, partners }: DemoWorld, id: string) {
  const software = id === 'spsti-a' || id === 'spsti-b' ? services[id] : partners[id];
  if (software === undefined) throw new Error(`${id} : aucun logiciel`);
  return software;
}
