/** Who works at a service, by the framework's codes; L.4623-10 for the nurse's title, R.4623-25 for the physicians'. */
export const PROFESSIONALS = {
  MT: 'médecin du travail',
  COLLABORATEUR: 'collaborateur médecin',
  INTERNE: 'interne en médecine du travail',
  MPC: 'médecin praticien correspondant',
  IDEST: 'infirmier de santé au travail',
  IPRP: 'intervenant en prévention (IPRP)',
  ASST: 'assistant de santé au travail (ASST)',
  SECRETAIRE: 'secrétariat médical',
  'AUTRE-SPST': 'autre service de santé au travail',
  PERSONNE: 'vous-même',
} as const;

/** A code that is none of these is shown as it is. */
export function professionalWords(code: string): string {
  return code in PROFESSIONALS ? PROFESSIONALS[code as keyof typeof PROFESSIONALS] : code;
}
