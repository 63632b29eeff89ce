/** SIREN of La Poste: its establishments have a rule of their own. */
const LA_POSTE = '356000000';

/** Whether 14 digits can be the SIRET of an establishment: Luhn, or for La Poste digits that add up to a multiple of five. */
export function isSiret(siret: string): boolean {
  if (!/^[0-9]{14}$/.test(siret)) return false;
  const digits = [...siret].toReversed().map(Number);
  const luhn = digits.reduce((sum, digit, place) => {
    const weighed = place % 2 === 0 ? digit : digit * 2;
    return sum + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  if (luhn % 10 === 0) return true;
  return siret.startsWith(LA_POSTE) && digits.reduce((sum, digit) => sum + digit, 0) % 5 === 0;
}
