/** What a service's software answers with: a CDA N1 around a PDF, in an IHE_XDM archive. Written here, not by Relais' own writer. */
import { createHash, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { PDFDocument, StandardFonts } from '@cantoo/pdf-lib';
import { ZipFile } from 'yazl';
import type { ReadCda } from '../../dmp/read-cda.ts';

export interface ReplyDossier {
  /** YYYY-MM-DD */
  lastVisit: string;
  title: string;
  /** what the page says, line by line */
  lines: readonly string[];
}

const RPPS = '10000000005';
const SIRET = '99000000100017';
const SET = 'urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446';

/** The patient as the request named them: whoever answers knows the same person. */
export async function dossierCda(
  asked: ReadCda,
  dossier: ReplyDossier,
): Promise<{ cda: string; id: string; pdf: Buffer }> {
  const {
    ids,
    birthName = '',
    firstName = '',
    allNames = '',
    birthTime = '',
    birthPlace,
    gender = '',
  } = asked.patient;
  const pdf = await pageOf(dossier);
  const id = oid();
  const now = `${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}+0000`;
  const professional = `<id root="1.2.250.1.71.4.2.1" extension="8${RPPS}"/>`;
  const person = '<assignedPerson><name><family>PATRON</family><given>Anne</given></name></assignedPerson>';
  const organisation = (element: string) =>
    `<${element}><id root="1.2.250.1.71.4.2.2" extension="3${SIRET}"/><name>SPSTI A (fictif)</name></${element}>`;
  const place =
    birthPlace === undefined
      ? ''
      : `<birthplace><place><addr><county>${xml(birthPlace)}</county></addr></place></birthplace>`;
  const cda = `<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><realmCode code="FR"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/><templateId root="2.16.840.1.113883.2.8.2.1"/><templateId root="1.2.250.1.213.1.1.1.1"/><id root="${id}"/><code code="SYNTH" codeSystem="1.2.250.1.213.1.1.4.12" displayName="Synthèse"/><title>Dossier médical en santé au travail</title><effectiveTime value="${now}"/><confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25" displayName="Normal"/><languageCode code="fr-FR"/><setId root="${id}"/><versionNumber value="1"/><recordTarget><patientRole>${ids.map(({ root, extension }) => `<id root="${xml(root)}" extension="${xml(extension)}"/>`).join('')}<patient><name><family qualifier="BR">${xml(birthName)}</family><given>${xml(allNames)}</given><given qualifier="BR">${xml(firstName)}</given></name><administrativeGenderCode code="${xml(gender)}" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="${xml(birthTime)}"/>${place}</patient></patientRole></recordTarget><author><time value="${now}"/><assignedAuthor>${professional}<code code="G15_10/SM25" codeSystem="1.2.250.1.213.1.1.4.5" displayName="Médecin - Médecine du travail (SM)"/>${person}${organisation('representedOrganization')}</assignedAuthor></author><custodian><assignedCustodian>${organisation('representedCustodianOrganization')}</assignedCustodian></custodian><legalAuthenticator><time value="${now}"/><signatureCode code="S"/><assignedEntity>${professional}${person}</assignedEntity></legalAuthenticator><documentationOf><serviceEvent><effectiveTime><low value="${dossier.lastVisit.replaceAll('-', '')}"/></effectiveTime><performer typeCode="PRF"><assignedEntity>${professional}<representedOrganization><id root="1.2.250.1.71.4.2.2" extension="3${SIRET}"/><name>SPSTI A (fictif)</name><standardIndustryClassCode code="AMBULATOIRE" codeSystem="1.2.250.1.213.1.1.4.9" displayName="Ambulatoire"/></representedOrganization></assignedEntity></performer></serviceEvent></documentationOf><componentOf><encompassingEncounter><effectiveTime><low value="${dossier.lastVisit.replaceAll('-', '')}"/></effectiveTime><location><healthCareFacility><code code="SA66" codeSystem="1.2.250.1.71.4.2.4" displayName="SPST"/></healthCareFacility></location></encompassingEncounter></componentOf><component><nonXMLBody><text mediaType="application/pdf" representation="B64">${pdf.toString('base64')}</text></nonXMLBody></component></ClinicalDocument>
`;
  return { cda, id, pdf };
}

/** IHE_XDM.zip of one document. */
export async function archiveOf(cda: string, id: string, asked: ReadCda): Promise<Buffer> {
  const zip = new ZipFile();
  const add = (path: string, text: string) => zip.addBuffer(Buffer.from(text), path);
  add('INDEX.HTM', '<!DOCTYPE html><html lang="fr"><title>IHE_XDM</title><p>Un document.</p></html>');
  add('README.TXT', 'SPSTI A (fictif)\r\n');
  add('IHE_XDM/SUBSET01/METADATA.XML', metadata(cda, id, asked));
  add('IHE_XDM/SUBSET01/DOC0001.XML', cda);
  zip.end();
  return buffer(zip.outputStream);
}

function metadata(cda: string, id: string, { patient }: ReadCda): string {
  const [first = { root: '2.25.1', extension: '1' }] = patient.ids;
  const cx = `${first.extension}^^^&amp;${first.root}&amp;ISO^${first.root.startsWith('1.2.250.1.213.1.4.') ? 'NH' : 'PI'}`;
  const bytes = Buffer.from(cda);
  const slot = (name: string, ...values: string[]) =>
    `<rim:Slot name="${name}"><rim:ValueList>${values.map((value) => `<rim:Value>${value}</rim:Value>`).join('')}</rim:ValueList></rim:Slot>`;
  const external = (of: string, scheme: string, value: string, name: string) =>
    `<rim:ExternalIdentifier id="urn:uuid:${randomUUID()}" objectType="urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:ExternalIdentifier" registryObject="${of}" identificationScheme="${scheme}" value="${value}"><rim:Name><rim:LocalizedString value="${name}"/></rim:Name></rim:ExternalIdentifier>`;
  const info = [
    `PID-5|${xml(patient.birthName ?? '')}^${xml(patient.firstName ?? '')}^^^^^L`,
    `PID-7|${xml(patient.birthTime ?? '')}`,
    `PID-8|${xml(patient.gender ?? '')}`,
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>
<lcm:SubmitObjectsRequest xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0" xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"><rim:RegistryObjectList><rim:ExtrinsicObject id="urn:uuid:${randomUUID()}" objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1" mimeType="text/xml">${slot('hash', createHash('sha1').update(bytes).digest('hex'))}${slot('size', String(bytes.length))}${slot('URI', 'DOC0001.XML')}${slot('sourcePatientId', cx)}${slot('sourcePatientInfo', ...info)}${external('entry', 'urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427', cx, 'XDSDocumentEntry.patientId')}${external('entry', 'urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab', id, 'XDSDocumentEntry.uniqueId')}</rim:ExtrinsicObject><rim:RegistryPackage id="urn:uuid:${randomUUID()}">${external('set', SET, cx, 'XDSSubmissionSet.patientId')}${external('set', 'urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8', oid(), 'XDSSubmissionSet.uniqueId')}</rim:RegistryPackage></rim:RegistryObjectList></lcm:SubmitObjectsRequest>
`;
}

async function pageOf({ title, lines }: ReplyDossier): Promise<Buffer> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  const page = document.addPage([595, 842]);
  page.drawText(title, { x: 50, y: 780, size: 15, font });
  for (const [n, line] of lines.entries()) page.drawText(line, { x: 50, y: 745 - n * 18, size: 10, font });
  return Buffer.from(await document.save());
}

function oid(): string {
  return `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`;
}

function xml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
