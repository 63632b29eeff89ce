import type {
  CodeableConcept,
  Coding,
  Extension,
  FhirResource,
  Period,
  Quantity,
  Reference,
} from 'fhir-types/r4.js';
import { v5 } from 'uuid';
import type { IdentityStatus } from '#core';
import type { Dmst } from '#core/dmst';
import { type CodeSystems, DEFAULT_SYSTEMS, own, ownExtension, UCUM } from './systems.ts';

/** Whose message the resources are made for. */
export interface FhirOrigin {
  messageId: string;
  /** instant of the message */
  at: string;
  /** what Relais itself found; the dossier's own word when nobody was asked */
  status?: IdentityStatus;
  systems?: Partial<CodeSystems>;
}

/** Drawn once; with it ids are the same for the same message. */
const NAMESPACE = '5d0a6c8e-54a0-4b39-9f0f-1f1f3f8f6b21';

/** One dossier on its way to FHIR: ids, references and what every resource needs. */
export class Scope {
  readonly systems: CodeSystems;
  readonly patient: Reference;

  constructor(
    readonly dmst: Dmst,
    readonly origin: FhirOrigin,
  ) {
    this.systems = { ...DEFAULT_SYSTEMS, ...origin.systems };
    this.patient = this.to('patient');
  }

  /** @param path of the source inside the dossier: the same path is the same resource */
  id(path: string): string {
    return v5(`${this.origin.messageId}/${path}`, NAMESPACE);
  }

  to(path: string): Reference {
    return { reference: `urn:uuid:${this.id(path)}` };
  }

  /** A resource of this dossier: its id, and only the members that are there. */
  make<T extends FhirResource>(path: string, resource: Loose<T>): T {
    return compact<T>({ ...resource, id: this.id(path) });
  }
}

/** Members that may be undefined or empty lists: they are left out, FHIR knows neither. */
export type Loose<T> = { [K in keyof T]: T[K] | undefined };

export function compact<T extends object>(loose: Loose<T>): T {
  const kept = Object.entries(loose).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(kept) as T;
}

export function coding(system: string, code: string, display?: string): Coding {
  return compact<Coding>({ system, code, display });
}

/** A code of the dossier with its French word. */
export function ownCode(system: string, code: string, display: string): CodeableConcept {
  return { coding: [coding(own(system), code, display)], text: display };
}

/** Words always; the code too when there is one. */
export function coded(text: string, system: string, code: string | undefined): CodeableConcept {
  return compact<CodeableConcept>({ coding: code === undefined ? [] : [coding(system, code)], text });
}

export function period(from: string | undefined, to: string | undefined): Period | undefined {
  return from === undefined && to === undefined ? undefined : compact<Period>({ start: from, end: to });
}

/** @param isUcum false where the unit is only what people write */
export function quantity(value: number, unit: string | undefined, isUcum: boolean): Quantity {
  if (unit === undefined) return { value };
  return isUcum ? { value, unit, system: UCUM, code: unit } : { value, unit };
}

/** What has no FHIR element of its own. */
export function extensions(
  values: Readonly<Record<string, string | number | boolean | undefined>>,
): Extension[] {
  return Object.entries(values).flatMap(([name, value]): Extension[] => {
    const url = ownExtension(name);
    if (typeof value === 'string') return [{ url, valueString: value }];
    if (typeof value === 'number') return [{ url, valueDecimal: value }];
    return value === undefined ? [] : [{ url, valueBoolean: value }];
  });
}
