/** Whether a document that came is about whom it was asked: matricule and traits, exactly (facts §6.3, codes of ERR-5). */
import type { Ins, ReadPatient, SubjectDoubt, Traits } from '#core';
import type { ApplicationError } from '#transports';

/** Who was asked about. */
export interface Subject {
  traits: Traits;
  ins?: Ins;
  /** INSi said so, for whoever asked */
  qualified: boolean;
}

export interface PatientDoubt extends SubjectDoubt {
  error: ApplicationError;
}

type SameTraits = (one: Traits, other: Traits) => boolean;

/** @returns undefined when nothing speaks against it */
export function patientDoubt(
  patient: ReadPatient,
  { traits, ins, qualified }: Subject,
  sameTraits: SameTraits,
): PatientDoubt | undefined {
  const told = toldBy(patient);
  const doubt = (error: ApplicationError, reason: string): PatientDoubt => ({
    error,
    reasons: [reason],
    sent: { traits, ...(ins === undefined ? {} : { ins }) },
    told,
  });
  if (patient.ins === undefined) return doubt(903, 'ins.absent');
  const { birthName, firstName, birthDate, sex } = patient;
  if ([birthName, firstName, birthDate, sex].some((trait) => trait === undefined || trait === ''))
    return doubt(905, 'traits.incomplete');
  if (ins !== undefined && !sameIns(ins, patient.ins)) return doubt(904, 'ins.differs');
  if (!sameTraits(traits, told.traits)) return doubt(904, 'subject.differs');
  // the service's own matricule, or a qualified identity, is what the document's is held against: without, a person is
  return ins === undefined || !qualified ? doubt(906, 'identity.not-qualified') : undefined;
}

function sameIns(one: Ins, other: Ins): boolean {
  return (
    one.value.toUpperCase() === other.value.toUpperCase() && one.key === other.key && one.oid === other.oid
  );
}

/** As the document says it; what it leaves out stays empty, what is no name is cut. */
function toldBy(patient: ReadPatient): SubjectDoubt['told'] {
  const { birthName = '', firstName = '', sex = 'I', birthDate = '', birthPlace, ins } = patient;
  return {
    traits: {
      birthName: birthName.slice(0, LONGEST_NAME),
      firstNames: [firstName.slice(0, LONGEST_NAME)],
      sex,
      birthDate,
      ...(birthPlace !== undefined && /^[0-9AB]{5}$/.test(birthPlace) ? { birthPlace } : {}),
    },
    ...(ins === undefined ? {} : { ins }),
  };
}

const LONGEST_NAME = 100;
