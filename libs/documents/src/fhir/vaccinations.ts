import type { Immunization } from 'fhir-types/r4.js';
import { coded, extensions, type Scope } from './scope.ts';
import { ATC } from './systems.ts';

export function toVaccinations(scope: Scope): Immunization[] {
  return (scope.dmst.vaccinations ?? []).map(({ vaccine, code, date, lot, rank, nextDue }, i) =>
    scope.make<Immunization>(`vaccinations/${i}`, {
      resourceType: 'Immunization',
      extension: extensions({ nextDue }),
      status: 'completed',
      // eight digits are a CIS code, letters first an ATC one
      vaccineCode: coded(vaccine, /^\d/.test(code ?? '') ? scope.systems.cis : ATC, code),
      patient: scope.patient,
      occurrenceDateTime: date,
      lotNumber: lot,
      protocolApplied: rank === undefined ? [] : [{ doseNumberString: rank }],
    }),
  );
}
