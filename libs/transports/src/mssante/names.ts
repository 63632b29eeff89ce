/** Subject (ECO.2.1.3) and name of the PDF twin (ECO.2.1.6). Both hold the patient's name: never logged, never journalled. */
import { BrokerError, type ReadCda } from '#core';
import { headerText, withoutAccents } from './header-text.ts';

/** displayName of the type is cut there */
const LABEL = 40;

type Named = Pick<ReadCda, 'type' | 'patient' | 'act' | 'effectiveTime'>;

/** `XDM/1.0/DDM+<label> <NAME> <first name> <JJ/MM/AAAA>` @throws BrokerError `mail.header-invalid`, `content.invalid` */
export function subjectOf(documents: readonly Named[]): string {
  const [first] = documents;
  if (first === undefined) throw new BrokerError('content.invalid');
  const label = documents.length === 1 ? labelOf(first) : `${documents.length} documents`;
  const { birthDate } = first.patient;
  const date = birthDate === undefined ? [] : [birthDate.split('-').toReversed().join('/')];
  return headerText(`XDM/1.0/DDM+${[label, ...patientOf(first), ...date].join(' ')}`);
}

/** `<AAAAMMJJ>_<type>_<NAME>_<first name>.pdf` @throws BrokerError `mail.header-invalid`, `content.invalid` */
export function pdfNameOf(document: Named): string {
  const day = /^\d{8}/.exec(document.act.from ?? document.effectiveTime)?.[0];
  if (day === undefined) throw new BrokerError('content.invalid');
  const parts = [labelOf(document), ...patientOf(document)].map((part) =>
    // `_` separates, and no file system may read a path
    headerText(part)
      .replace(/[_/\\:*?"<>|]/g, '-')
      .replace(/^\.+/, ''),
  );
  return `${[day, ...parts].join('_')}.pdf`;
}

function labelOf({ type }: Named): string {
  return headerText(type.displayName).slice(0, LABEL).trim();
}

function patientOf({ patient }: Named): [string, string] {
  const { birthName, firstName } = patient;
  if (birthName === undefined || firstName === undefined) throw new BrokerError('content.invalid');
  return [withoutAccents(headerText(birthName)).toUpperCase(), withoutAccents(headerText(firstName))];
}
