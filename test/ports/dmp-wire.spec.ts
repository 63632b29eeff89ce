/** What the DMP refuses of a call: each thing that it judges is made wrong alone, after everything was right. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrokerError, type Submission, type XmlSignOrder } from '#core';
import { aDmpWire, type DmpWire, type Tampering } from '../builders/dmp-wire.ts';

let wire: DmpWire;
beforeAll(async () => {
  wire = await aDmpWire();
});
afterAll(() => wire.close());

const outcome = async (tampering: Tampering = {}) => {
  try {
    const { receipt, answer } = await wire.deposit(tampering);
    return [receipt.outcome, answer?.json];
  } catch (error) {
    return error instanceof BrokerError ? [error.code, error.next, error.detail] : [error];
  }
};
const problems = () => wire.dmp.calls.at(-1)?.problems;

/** changes the metadata after they were made */
const metadata = (change: (xml: string) => string): Tampering => ({
  documents: {
    submission: (order) => {
      const made = wire.documents.submission(order);
      return { ...made, xml: change(made.xml) };
    },
  },
});
const bytes = (change: (documents: Submission['documents']) => Submission['documents']): Tampering => ({
  documents: {
    submission: (order) => {
      const made = wire.documents.submission(order);
      return { ...made, documents: change(made.documents) };
    },
  },
});
/** changes what is signed, before or after it is */
const signing = (
  isLot: boolean,
  change: {
    before?: (xml: string, order: XmlSignOrder) => [string, XmlSignOrder];
    after?: (xml: string) => string;
  },
): Tampering => ({
  signatures: (real) => ({
    async sign(xml, order) {
      if ((order.objects !== undefined) !== isLot) return real.sign(xml, order);
      const [text, changed] = change.before?.(xml, order) ?? [xml, order];
      const signed = await real.sign(text, changed);
      return change.after?.(signed) ?? signed;
    },
  }),
});
const assertion = (from: string | RegExp, to: string): Tampering =>
  signing(false, { before: (xml, order) => [xml.replace(from, to), order] });

describe('the DMP on its wire', () => {
  it('takes a call in which everything is right', async () => {
    expect(await outcome()).toEqual(['received', expect.objectContaining({ outcome: 'accepted' })]);
    expect(problems()).toEqual([]);
  });

  it('takes the signed properties of either namespace, and either sector', async () => {
    expect(await outcome({ channel: { lotSignature: 'xades-1.3.2', sector: 'SA66' } })).toContain('received');
  });

  it('answers in parts too', async () => {
    wire.dmp.misbehave('in-parts');
    expect(await outcome()).toContain('received');
    wire.dmp.misbehave(undefined);
  });

  it.each<[string, () => Tampering, string]>([
    [
      'changed after it was signed',
      () => signing(false, { after: (xml) => xml.replace('INDIRECTE', 'DIRECTE') }),
      'signature',
    ],
    [
      'not signed',
      () => signing(false, { after: (xml) => xml.replace(/<ds:Signature[\s\S]*<\/ds:Signature>/, '') }),
      'signature',
    ],
    [
      'sealed by another structure',
      () => ({ seal: wire.pair(wire.paths.insi.mandate('spsti-b').seal) }),
      'seal of another structure',
    ],
    [
      'sealed by a certificate of connection',
      () => ({ seal: wire.pair(wire.paths.insi.mandate('spsti-a').dmp) }),
      'signature',
    ],
    [
      'sealed by a partner’s certificate',
      () => ({ seal: wire.pair(wire.paths.partner('spsti-a').client) }),
      'signature',
    ],
    ['of another version', () => ({ channel: { vihfVersion: '1.0' } }), 'VIHF_Version'],
    ['of another sector', () => ({ channel: { sector: 'SA01' } }), 'Secteur_Activite'],
    ['of another structure', () => ({ dmp: { structureId: '1990000025' } }), 'Identifiant_Structure'],
    ['of a software without approval', () => ({ dmp: { homologation: 'X' } }), 'LPS_ID_HOMOLOGATION_DMP'],
    ['of yesterday', () => ({ now: new Date(Date.now() - 86_400_000) }), 'dates'],
    ['of a person', () => assertion('AUTOMATE', 'G15_10'), 'role'],
    ['for another resource', () => assertion('urn:dmp', 'urn:ror'), 'Ressource_URN'],
    ['for another purpose', () => assertion('code="normal"', 'code="bris_de_glace"'), 'purposeofuse'],
    ['with nobody responsible', () => assertion('Responsable fictif', ''), 'nobody responsible'],
    ['of another issuer', () => assertion('CN=SCEAU', 'CN=AUTRE'), 'issuer'],
    ['of a direct authentication', () => assertion('INDIRECTE', 'DIRECTE'), 'Authentification_Mode'],
    [
      'that lives for a day',
      () =>
        assertion(
          /NotOnOrAfter="[^"]*"/,
          `NotOnOrAfter="${new Date(Date.now() + 86_400_000).toISOString()}"`,
        ),
      'life',
    ],
  ])('refuses an assertion %s', async (_, tampering, problem) => {
    expect((await outcome(tampering()))[0]).toBe('transport.refused');
    expect(problems()).toEqual([problem]);
  });

  it('refuses an assertion that came before', async () => {
    let first: string | undefined;
    const again = signing(false, {
      before: (xml, order) => {
        const [id = ''] = order.ids as string[];
        first ??= id;
        return [xml.replace(id, first), { ...order, ids: [first] }];
      },
    });
    expect((await outcome(again))[0]).toBe('transport.refused');
    expect(problems()).toEqual(['replayed']);
  });

  const drop = (pattern: RegExp) => metadata((xml) => xml.replace(pattern, ''));
  it.each<[string, () => Tampering, string]>([
    [
      'no creation time',
      () => drop(/<rim:Slot name="creationTime">.*?<\/rim:Slot>/),
      'XDSRegistryMetadataError DocumentEntry.creationTime',
    ],
    [
      'no legal authenticator',
      () => drop(/<rim:Slot name="legalAuthenticator">.*?<\/rim:Slot>/),
      'XDSRegistryMetadataError DocumentEntry.legalAuthenticator',
    ],
    [
      'no type',
      () => metadata((xml) => xml.replace('urn:uuid:f0306f51-975f-434e-a61c-c59651d33983', 'urn:x')),
      'XDSRegistryMetadataError DocumentEntry.type',
    ],
    [
      'no title',
      () => metadata((xml) => xml.replaceAll('value="Volet santé au travail"', 'value=""')),
      'XDSRegistryMetadataError DocumentEntry.title',
    ],
    [
      'another hash',
      () => metadata((xml) => xml.replace(/(name="hash"><rim:ValueList><rim:Value>)../, '$1zz')),
      'XDSRepositoryMetadataError hash, size',
    ],
    [
      'another size',
      () => metadata((xml) => xml.replace(/(name="size"><rim:ValueList><rim:Value>)/, '$11')),
      'XDSRepositoryMetadataError hash, size',
    ],
    [
      'another patient in the metadata',
      () => metadata((xml) => xml.replace(/275126322074974(\^\^\^&amp;[^"]*")/, '275126322074975$1')),
      'XDSPatientIdDoesNotMatch patientId',
    ],
    [
      'no member',
      () => metadata((xml) => xml.replace('AssociationType:HasMember', 'AssociationType:Other')),
      'XDSRegistryMetadataError HasMember',
    ],
    ['a document without its bytes', () => bytes((all) => all.slice(0, 1)), 'XDSMissingDocument Document'],
    [
      'the id of the set twice',
      () => metadata((xml) => xml.replaceAll(/value="2\.25\.\d+\.1"/g, (found) => found.replace('.1"', '"'))),
      'XDSRegistryDuplicateUniqueIdInMessage uniqueId',
    ],
  ])('refuses a lot with %s', async (_, tampering, problem) => {
    expect(await outcome(tampering())).toEqual([
      'refused',
      { outcome: 'refused', items: [{ code: 'metadata-invalid' }] },
    ]);
    expect(problems()).toContain(problem);
  });

  it.each<[string, () => Tampering, string]>([
    [
      'without its signature',
      () =>
        signing(true, {
          after: (xml) => xml.replace(/<ds:SignatureValue>...../, '<ds:SignatureValue>AAAAA'),
        }),
      'signature of the lot',
    ],
    [
      'with another manifest',
      () =>
        signing(true, {
          before: (xml, order) => [
            xml,
            { ...order, objects: (order.objects ?? []).map((one) => one.replace('AA==', 'AQ==')) },
          ],
        }),
      'manifest',
    ],
    [
      'whose manifest is not signed',
      () => signing(true, { before: (xml, order) => [xml, { ...order, ids: order.ids.slice(1) }] }),
      'what is signed',
    ],
    [
      'whose signer is told otherwise',
      () =>
        signing(true, {
          before: (xml, order) => [
            xml,
            {
              ...order,
              objects: (order.objects ?? []).map((one) =>
                one.replace(/(<xad:CertDigest>.*?<ds:DigestValue>)..../, '$1AAAA'),
              ),
            },
          ],
        }),
      'signed properties',
    ],
  ])('refuses a lot %s', async (_, tampering, problem) => {
    expect((await outcome(tampering()))[0]).toBe('refused');
    expect(problems()).toEqual([`XDSRepositoryMetadataError ${problem}`]);
  });

  it('refuses a document that lacks what a DMP wants of it', async () => {
    expect(await outcome({ cda: { consent: undefined } as never })).toEqual([
      'refused',
      { outcome: 'refused', items: [{ code: 'metadata-invalid' }] },
    ]);
    expect(problems()).toEqual(['XDSInvalidDocumentContent ClinicalDocument']);
  });

  it('refuses at the handshake whoever has no certificate of the health network', async () => {
    const before = wire.dmp.calls.length;
    const foreign = wire.pair(wire.paths.partner('spsti-a').client);
    expect((await outcome({ dmp: foreign }))[0]).toMatch(/^transport\.(refused|unreachable)$/);
    expect(wire.dmp.calls).toHaveLength(before);
  });

  it('is never called without a mandate in force, whichever is missing', async () => {
    const before = wire.dmp.calls.length;
    const over = { from: '2025-01-01T00:00:00.000Z', to: '2025-12-31T00:00:00.000Z' };
    for (const tampering of [{ dmp: over }, { seal: over }, { seal: { scope: ['interops' as const] } }])
      expect((await outcome(tampering)).slice(0, 2)).toEqual(['mandate.missing', 'stop']);
    expect(wire.dmp.calls).toHaveLength(before);
  });

  it.each<[string, () => Tampering]>([
    [
      'a seal that is a certificate of connection',
      () => ({ seal: wire.pair(wire.paths.insi.mandate('spsti-a').dmp) }),
    ],
    ['a connection by the seal', () => ({ dmp: wire.pair(wire.paths.insi.mandate('spsti-a').seal) })],
    ['a certificate of another authority', () => ({ dmp: wire.pair(wire.paths.partner('spsti-a').client) })],
  ])('is never called with %s', async (_, tampering) => {
    const before = wire.dmp.calls.length;
    expect((await outcome({ ...tampering(), judged: true })).slice(0, 2)).toEqual([
      'mandate.missing',
      'stop',
    ]);
    expect(wire.dmp.calls).toHaveLength(before);
  });

  it('gives the same document, byte for byte, at a repeat', async () => {
    const deliveryId = '019abc00-0000-7000-8000-00000000beef';
    const cda = { id: '5d0a6c8e-54a0-4b39-9f0f-1f1f3f8f6b99', setId: '5d0a6c8e-54a0-4b39-9f0f-1f1f3f8f6b98' };
    expect(await outcome({ deliveryId, cda })).toContain('received');
    expect(await outcome({ deliveryId, cda, attempt: 2 })).toContain('received');
    expect(problems()).toEqual(['XDSDuplicateUniqueIdInRegistry SubmissionSet.uniqueId']);
    const kept = wire.dmp.kept.filter((one) => one.cda.id?.toLowerCase() === cda.id);
    expect(kept).toHaveLength(1);
    expect(readFileSync(kept[0]?.files[0] ?? '', 'utf8')).toContain('ClinicalDocument');
  });
});
