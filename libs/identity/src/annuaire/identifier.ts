/** What somebody typed, where it is a whole business identifier. */
export function identifierIn(text: string): { siret: string } | { finess: string } | undefined {
  const bare = text.replace(/[\s.]/g, '');
  if (/^\d{14}$/.test(bare)) return { siret: bare };
  // the second character of Corsica's is a letter
  if (/^\d[\dAB]\d{7}$/.test(bare)) return { finess: bare };
  return undefined;
}
