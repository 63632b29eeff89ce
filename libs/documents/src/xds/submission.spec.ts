import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CDA_CODES } from '#core/cda-codes';
import { CDA_WHOLE } from '../../fixtures/cda.ts';
import { ORDER, PDF } from '../../fixtures/order.ts';
import { writeCda } from '../cda/write-cda.ts';
import { readXml } from '../xml/read-xml.ts';
import { RIM, SCHEMES } from './ebrim.ts';
import { submission } from './submission.ts';

type Told = Record<'slot' | 'author' | 'code' | 'system' | 'external', (name: string) => string[]>;

const { entry, set } = SCHEMES;

/** libxml2 frees the document after the look: everything is read inside. */
function look<T>(xml: string, object: 'ExtrinsicObject' | 'RegistryPackage', read: (all: Told) => T): T {
  return readXml(new TextEncoder().encode(xml), (root) => {
    const values = (path: string) =>
      root.find(`//r:${object}/${path}`, { r: RIM }).map((node) => node.content);
    return read({
      slot: (name) => values(`r:Slot[@name="${name}"]/r:ValueList/r:Value`),
      author: (name) => values(`r:Classification/r:Slot[@name="${name}"]/r:ValueList/r:Value`),
      code: (scheme) => values(`r:Classification[@classificationScheme="${scheme}"]/@nodeRepresentation`),
      system: (scheme) =>
        values(`r:Classification[@classificationScheme="${scheme}"]/r:Slot[@name="codingScheme"]//r:Value`),
      external: (scheme) => values(`r:ExternalIdentifier[@identificationScheme="${scheme}"]/@value`),
    });
  });
}

describe('the metadata of a lot', () => {
  const { xml, documents, uniqueId } = submission({
    ...ORDER,
    flags: [
      {
        code: 'INVISIBLE_PATIENT',
        codeSystem: '1.2.250.1.213.1.1.4.13',
        displayName: 'Non visible par le patient',
      },
    ],
  });

  it('says of the document what its header says, and what its bytes are', () => {
    const [bytes] = ORDER.documents;
    const said = look(xml, 'ExtrinsicObject', ({ slot, author, code, external }) => ({
      uri: slot('URI'),
      creationTime: slot('creationTime'),
      hash: slot('hash'),
      size: slot('size'),
      language: slot('languageCode'),
      from: slot('serviceStartTime'),
      to: slot('serviceStopTime'),
      legal: slot('legalAuthenticator'),
      sourcePatientId: slot('sourcePatientId'),
      sourcePatientInfo: slot('sourcePatientInfo'),
      person: author('authorPerson'),
      institution: author('authorInstitution'),
      specialty: author('authorSpecialty'),
      class: code(entry.class),
      type: code(entry.type),
      format: code(entry.format),
      facility: code(entry.facility),
      practice: code(entry.practice),
      confidentiality: code(entry.confidentiality),
      patientId: external(entry.patientId),
      uniqueId: external(entry.uniqueId),
    }));
    expect(said).toEqual({
      uri: ['DOC0001.XML'],
      creationTime: ['20260512100000'],
      hash: [
        createHash('sha1')
          .update(bytes ?? '')
          .digest('hex'),
      ],
      size: [String(bytes?.length)],
      language: ['fr-FR'],
      from: ['20260511'],
      to: ['20260512090000'],
      legal: ['810000000005^PATRON^Anne^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS'],
      sourcePatientId: ['A-2015-004217^^^&2.25.30&ISO^PI'],
      sourcePatientInfo: [
        'PID-5|ADRUN^ZOE^ZOE MARIE^^^^L',
        'PID-5|DUMONT^ZOE^^^^^D',
        'PID-7|19751231',
        'PID-8|F',
      ],
      person: ['810000000005^PATRON^Anne^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS'],
      institution: ['SPSTI A (fictif)^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^399000000100017'],
      specialty: ['G15_10/SM25^Médecin - Médecine du travail (SM)^1.2.250.1.213.1.1.4.5'],
      class: ['11'],
      type: ['SYNTH'],
      format: ['urn:ihe:iti:xds-sd:pdf:2008'],
      facility: ['SA66'],
      practice: ['AMBULATOIRE'],
      confidentiality: ['N', 'INVISIBLE_PATIENT'],
      patientId: ['275126322074974^^^&1.2.250.1.213.1.4.8&ISO^NH'],
      uniqueId: [`2.25.${BigInt(`0x${CDA_WHOLE.id.replaceAll('-', '')}`)}`],
    });
  });

  it('says of the lot who sends it, for whom and when', () => {
    const said = look(xml, 'RegistryPackage', ({ slot, author, code, system, external }) => ({
      at: slot('submissionTime'),
      person: author('authorPerson'),
      content: code(set.contentType),
      system: system(set.contentType),
      patient: external(set.patientId),
      source: external(set.sourceId),
      id: external(set.uniqueId),
    }));
    expect(said).toEqual({
      at: ['20260512100500'],
      person: ['810000000005^PATRON^Anne^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS'],
      content: ['07'],
      system: ['1.2.250.1.213.2.2'],
      patient: ['275126322074974^^^&1.2.250.1.213.1.4.8&ISO^NH'],
      source: ['2.25.77'],
      id: [uniqueId],
    });
  });

  it('joins each document to the lot, and the first to what it replaces', () => {
    const [document] = documents;
    expect(xml).toMatch(new RegExp(`AssociationType:HasMember" [^>]*targetObject="${document?.entryId}"`));
    expect(xml).toMatch(
      new RegExp(`AssociationType:RPLC" sourceObject="${document?.entryId}" targetObject="urn:uuid:`),
    );
  });

  it('points at the very entry of the version before it', () => {
    const { replaces: _, ...first } = { ...CDA_WHOLE, id: CDA_WHOLE.replaces ?? '', version: 1 };
    const before = submission({ ...ORDER, id: '2.25.1', documents: [writeCda(first, PDF)] });
    expect(xml).toContain(`targetObject="${before.documents[0]?.entryId}"`);
  });

  it('takes the entry that a registry told, and the sector that its list wants', () => {
    const replaces = '5d0a6c8e-54a0-4b39-9f0f-1f1f3f8f6b99';
    const other = submission({ ...ORDER, replaces, facility: CDA_CODES.sectors.SA13 });
    expect(other.xml).toContain(`targetObject="urn:uuid:${replaces}"`);
    expect(look(other.xml, 'ExtrinsicObject', ({ code }) => code(entry.facility))).toEqual(['SA13']);
  });

  it('is the same for the same order', () => {
    expect(submission(ORDER)).toEqual(submission(ORDER));
  });

  it('keeps the signs of HL7 v2 in a name as text', () => {
    const patient = { ...CDA_WHOLE.patient, birthName: 'A^B&C|D~E\\F' };
    const odd = submission({ ...ORDER, documents: [writeCda({ ...CDA_WHOLE, patient }, PDF)] });
    expect(look(odd.xml, 'ExtrinsicObject', ({ slot }) => slot('sourcePatientInfo'))[0]).toBe(
      'PID-5|A\\S\\B\\T\\C\\F\\D\\R\\E\\E\\F^ZOE^ZOE MARIE^^^^L',
    );
  });

  it('is refused for two people', () => {
    const other = { ...CDA_WHOLE.patient, birthName: 'MARTIN' };
    const documents = [...ORDER.documents, writeCda({ ...CDA_WHOLE, patient: other }, PDF)];
    expect(() => submission({ ...ORDER, documents })).toThrow(
      expect.objectContaining({ code: 'content.invalid' }),
    );
  });

  it('is refused when the document does not say who answers for it', () => {
    const text = new TextDecoder().decode(ORDER.documents[0]);
    const without = text.replace(/<legalAuthenticator>.*<\/legalAuthenticator>/, '');
    expect(() => submission({ ...ORDER, documents: [new TextEncoder().encode(without)] })).toThrow(
      expect.objectContaining({ findings: [expect.objectContaining({ pointer: '/legalAuthenticator' })] }),
    );
  });
});
