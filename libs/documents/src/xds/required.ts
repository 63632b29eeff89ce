import { BrokerError, type Finding, type ReadCda } from '#core';
import { sourcePatientCx } from './document-entry.ts';
import { utc } from './hl7v2.ts';

/** What the entry of a document must say, and where in the document it is read. */
const REQUIRED: readonly (readonly [name: string, pointer: string, isThere: (header: ReadCda) => boolean])[] =
  [
    [
      'authorPerson',
      '/author',
      ({ author }) => author.ids[0]?.extension !== undefined && author.family !== '',
    ],
    ['confidentialityCode', '/confidentialityCode', ({ confidentiality }) => confidentiality !== ''],
    ['creationTime', '/effectiveTime', ({ effectiveTime }) => utc(effectiveTime) !== undefined],
    ['languageCode', '/languageCode', ({ language }) => language !== ''],
    ['healthcareFacilityTypeCode', '/componentOf', ({ facility }) => facility !== undefined],
    [
      'legalAuthenticator',
      '/legalAuthenticator',
      ({ legalAuthenticator }) => legalAuthenticator?.ids[0]?.extension !== undefined,
    ],
    ['patientId', '/recordTarget', ({ patient }) => sourcePatientCx(patient) !== undefined],
    ['practiceSettingCode', '/documentationOf', ({ practiceSetting }) => practiceSetting !== undefined],
    ['serviceStartTime', '/documentationOf', ({ act }) => utc(act.from ?? '') !== undefined],
  ];

/** @throws BrokerError `content.invalid` with a finding for each entry that cannot be said */
export function refuseLacking(header: ReadCda): void {
  const findings = REQUIRED.filter(([, , isThere]) => !isThere(header)).map(
    ([name, pointer]): Finding => ({
      pointer,
      code: 'xds.required',
      detail: `La métadonnée ${name} ne peut pas être déduite du document.`,
    }),
  );
  if (findings.length > 0) throw new BrokerError('content.invalid', { findings });
}
