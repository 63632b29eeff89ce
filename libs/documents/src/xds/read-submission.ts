/** What a METADATA.XML says of each document, of whoever made it. */
import type { XmlElement } from 'libxml2-wasm';
import type { ReadPatient } from '#core';
import { insOf } from '../cda/read-patient.ts';
import { allAt, attributeOf, childrenOf, readXml, textIn } from '../xml/read-xml.ts';
import { LCM, RIM, SCHEMES } from './ebrim.ts';
import { fromCx, fromPidLines } from './hl7v2.ts';

export interface ReadEntry {
  id: string;
  mimeType: string;
  uri?: string;
  hash?: string;
  size?: number;
  uniqueId?: string;
  /** CX as written */
  patientId?: string;
  patient: ReadPatient;
}

export interface ReadSubmission {
  /** submission sets in it */
  sets: number;
  /** patientId of each */
  setPatients: readonly string[];
  entries: readonly ReadEntry[];
}

/** @throws BrokerError `xml.doctype`, `content.invalid`, `body.too-large` */
export function readSubmission(xml: Uint8Array): ReadSubmission | undefined {
  return readXml(xml, (root) => {
    if (root.name !== 'SubmitObjectsRequest' || root.namespaceUri !== LCM) return undefined;
    const objects = childrenOf(root, 'RegistryObjectList', RIM);
    const packages = objects.flatMap((list) => childrenOf(list, 'RegistryPackage'));
    const sets = packages.filter((one) => externalOf(one, SCHEMES.set.uniqueId) !== undefined);
    return {
      sets: sets.length,
      setPatients: sets.flatMap((one) => externalOf(one, SCHEMES.set.patientId) ?? []),
      entries: objects.flatMap((list) => childrenOf(list, 'ExtrinsicObject')).map(entryOf),
    };
  });
}

function entryOf(element: XmlElement): ReadEntry {
  const [uri, hash, size] = ['URI', 'hash', 'size'].map((name) => slotOf(element, name).join(''));
  const uniqueId = externalOf(element, SCHEMES.entry.uniqueId);
  const patientId = externalOf(element, SCHEMES.entry.patientId);
  return {
    id: attributeOf(element, 'id') ?? '',
    mimeType: attributeOf(element, 'mimeType') ?? '',
    ...(uri ? { uri } : {}),
    ...(hash ? { hash: hash.toLowerCase() } : {}),
    ...(size && /^\d{1,12}$/.test(size) ? { size: Number(size) } : {}),
    ...(uniqueId === undefined ? {} : { uniqueId }),
    ...(patientId === undefined ? {} : { patientId }),
    patient: patientOf(
      patientId,
      slotOf(element, 'sourcePatientId')[0],
      slotOf(element, 'sourcePatientInfo'),
    ),
  };
}

function patientOf(patientId = '', sourcePatientId = '', info: readonly string[] = []): ReadPatient {
  const ids = [patientId, sourcePatientId].flatMap((text) => fromCx(text) ?? []);
  const known = ids.filter(
    ({ root, extension }, at) =>
      ids.findIndex((one) => one.root === root && one.extension === extension) === at,
  );
  const ins = insOf(known);
  return { ids: known, ...(ins === undefined ? {} : { ins }), ...fromPidLines(info) };
}

/** Some write `SourcePatientInfo`. */
function slotOf(element: XmlElement, name: string): string[] {
  return childrenOf(element, 'Slot')
    .filter((slot) => attributeOf(slot, 'name')?.toLowerCase() === name.toLowerCase())
    .flatMap((slot) => allAt(slot, 'ValueList', 'Value'))
    .flatMap((value) => textIn(value) ?? []);
}

function externalOf(element: XmlElement, scheme: string): string | undefined {
  const found = childrenOf(element, 'ExternalIdentifier').find(
    (one) => attributeOf(one, 'identificationScheme') === scheme,
  );
  return attributeOf(found, 'value');
}
