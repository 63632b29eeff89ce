/** INSEE codes of the regions that `places.ts` names. */
export const REGION_CODES: Readonly<Record<string, string>> = {
  'Auvergne-Rhône-Alpes': '84',
  'Nouvelle-Aquitaine': '75',
};
