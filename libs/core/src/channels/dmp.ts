import type { Mandated } from './mandate.ts';

/** The DMP, or what stands for it. */
export interface DmpChannel {
  /** ITI-41, https */
  endpoint: string;
  /** which version of the VIHF it wants; ANS's table and samples differ */
  vihfVersion: string;
  /** TRE_R02 code told as sector: SA66, or SA13 where the DMP's list is the older one */
  sector: string;
  /** asked before a deposit; its form at the DMP is not public, `relais-1` is that of our simulator */
  existence?: { endpoint: string; form: 'relais-1' };
  /** namespace of the signed properties of a lot; `xades-1.1.1` (IHE's first supplement) when absent */
  lotSignature?: 'xades-1.1.1' | 'xades-1.3.2';
}

/** A FHIR document server (PDSm, French MHD). */
export interface MhdChannel {
  /** base, https */
  endpoint: string;
  /** ITI-65 bundle, or ITI-105 simplified publish */
  transaction: 'ITI-65' | 'ITI-105';
}

/** By which Relais feeds the DMP in the name of an SPSTI. */
export interface DmpMandate extends Mandated {
  /** ORG AUTH_CLI pair, PEM: mutual TLS */
  certificate: string;
  key: string;
  /** national id of the structure (prefix + FINESS or SIRET) */
  structureId: string;
  /** the person responsible for what is sent by an automatic process */
  responsible: string;
  /** LPS_ID_HOMOLOGATION_DMP, given by CNDA */
  homologation: string;
}
