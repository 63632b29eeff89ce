/** High-trust evidence of an identity (FR Core codes): chosen by whoever saw it, never by default. */
export const EVIDENCE: readonly { code: string; says: string }[] = [
  { code: 'CN', says: 'Carte nationale d’identité' },
  { code: 'PA', says: 'Passeport' },
  { code: 'CS', says: 'Titre de séjour' },
  { code: 'LE', says: 'Livret de famille, avec une autre pièce' },
  { code: 'CE', says: 'Carte d’identité d’un pays de l’Union européenne' },
];

export function evidenceWords(code: string): string {
  return EVIDENCE.find((one) => one.code === code)?.says ?? code;
}
