/** Each French rule of PDSm that we name bites alone, in what we send and in the server that judges by itself. */
import type { Bundle, DocumentReference, FhirResource, List } from 'fhir-types/r4.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFaults, publishFaults } from '#transports';
import { checkBundle, checkPublish } from '../../apps/simulators/src/pdsm/index.ts';
import { aDmpWire, type DmpWire } from '../builders/dmp-wire.ts';
import { anMhdWire, type MhdWire } from '../builders/mhd-wire.ts';

type Changed<T> = (resource: T) => void;

let wire: DmpWire;
let mhd: MhdWire;
let bundle: Bundle<FhirResource>;
let publish: DocumentReference;

beforeAll(async () => {
  wire = await aDmpWire();
  mhd = await anMhdWire(wire);
  const sent = async (transaction: 'ITI-65' | 'ITI-105', id: string) => {
    await mhd.publish(transaction, id);
    return mhd.pdsm.calls.at(-1)?.json;
  };
  bundle = (await sent('ITI-65', '5d0a6c8e-54a0-4b39-9f0f-1f1f3f8f6c01')) as typeof bundle;
  publish = (await sent('ITI-105', '5d0a6c8e-54a0-4b39-9f0f-1f1f3f8f6c02')) as typeof publish;
});
afterAll(async () => {
  await mhd.close();
  await wire.close();
});

const DOCUMENT: [string, string, Changed<DocumentReference>][] = [
  ['pdsm.master-identifier', 'masterIdentifier', (one) => delete one.masterIdentifier],
  ['pdsm.subject-ins', 'subject', (one) => Object.assign(one, { subject: { reference: 'Patient/1' } })],
  ['pdsm.authors-contained', 'author', (one) => Object.assign(one, { author: [{ reference: '#nobody' }] })],
  ['pdsm.custodian', 'custodian', (one) => delete one.custodian],
  ['pdsm.type', 'type', (one) => delete one.type],
  ['pdsm.category', 'category', (one) => delete one.category],
  ['pdsm.security-label', 'securityLabel', (one) => delete one.securityLabel],
  ['pdsm.attachment-title', 'content.attachment.title', (one) => delete one.content[0]?.attachment.title],
  ['pdsm.attachment-size', 'content.attachment.hash', (one) => delete one.content[0]?.attachment.size],
  ['pdsm.attachment-hash', 'content.attachment.hash', (one) => delete one.content[0]?.attachment.hash],
  [
    'pdsm.attachment-language',
    'content.attachment.language',
    (one) => delete one.content[0]?.attachment.language,
  ],
  ['pdsm.both-dates', 'content.attachment.creation', (one) => delete one.content[0]?.attachment.creation],
  ['pdsm.both-dates', 'date', (one) => delete one.date],
  ['pdsm.period-start', 'context.period.start', (one) => delete one.context?.period],
  ['pdsm.facility', 'context.facilityType', (one) => delete one.context?.facilityType],
  ['pdsm.practice-setting', 'context.practiceSetting', (one) => delete one.context?.practiceSetting],
];
const SET: [string, string, Changed<List>][] = [
  ['pdsm.set-contained', 'contained', (one) => delete one.contained],
  ['pdsm.set-source', 'source', (one) => delete one.source],
  ['pdsm.set-extensions', 'sourceId', (one) => Object.assign(one, { extension: one.extension?.slice(0, 1) })],
  [
    'pdsm.set-identifiers',
    'identifier',
    (one) => Object.assign(one, { identifier: one.identifier?.slice(0, 1) }),
  ],
  ['pdsm.set-code', 'code', (one) => Object.assign(one, { code: { text: 'x' } })],
  ['pdsm.set-subject', 'subject', (one) => delete one.subject],
];

const inBundle = <T extends FhirResource>(type: T['resourceType'], change: Changed<T>) => {
  const copy = structuredClone(bundle);
  const found = copy.entry?.find(({ resource }) => resource?.resourceType === type)?.resource;
  change(found as T);
  return copy;
};
const places = (issues: readonly { expression: string }[]) => issues.map(({ expression }) => expression);

describe('the French rules of PDSm', () => {
  it('hold for what the transport sends', () => {
    expect([bundleFaults(bundle), checkBundle(bundle)]).toEqual([[], []]);
    expect([publishFaults(publish), checkPublish(publish)]).toEqual([[], []]);
  });

  it.each(DOCUMENT)('name %s, in a bundle and alone (%s)', (rule, place, change) => {
    const changed = inBundle('DocumentReference', change);
    expect(bundleFaults(changed)).toContain(rule);
    expect(places(checkBundle(changed))).toContain(`DocumentReference.${place}`);
    const alone = structuredClone(publish);
    change(alone);
    expect(publishFaults(alone)).toContain(rule);
    expect(places(checkPublish(alone))).toContain(`DocumentReference.${place}`);
  });

  it.each(SET)('name %s of a submission set (%s)', (rule, place, change) => {
    const changed = inBundle('List', change);
    expect(bundleFaults(changed)).toContain(rule);
    expect(places(checkBundle(changed))).toContain(`List.${place}`);
  });

  it('want the bytes: in the bundle, or inside', () => {
    const without = { ...bundle, entry: bundle.entry?.slice(0, 2) ?? [] };
    expect(bundleFaults(without)).toEqual(['pdsm.binary-in-bundle']);
    expect(places(checkBundle(without))).toContain('Binary');
    const alone = structuredClone(publish);
    delete alone.content[0]?.attachment.data;
    expect(publishFaults(alone)).toEqual(['pdsm.data-inside']);
    expect(places(checkPublish(alone))).toContain('DocumentReference.content.attachment.data');
  });

  it('are not all: the server sees bytes that are others, a wrong key, and what FHIR R4 does not know', () => {
    const bytes = inBundle('Binary', (one) => Object.assign(one, { data: 'AAAA' }));
    expect(places(checkBundle(bytes))).toEqual(['DocumentReference.content.attachment.hash']);
    const key = inBundle<DocumentReference>('DocumentReference', ({ subject }) =>
      Object.assign(subject?.identifier ?? {}, { value: '275126322074975' }),
    );
    expect(places(checkBundle(key))).toEqual(['DocumentReference.subject']);
    const unknown = inBundle('List', (one) => Object.assign(one, { insurance: 'x' }));
    expect(checkBundle(unknown).map(({ code }) => code)).toContain('structure');
  });
});
