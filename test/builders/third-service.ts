/** A third service, for requests with several sources: not one of the demo's partners. */
export const THIRD_SERVICE = {
  id: 'spsti-c',
  name: 'SPSTI C (fictif)',
  structureId: '1990000157',
  siret: '99000000300013',
  readers: ['enc', 'enc-h'],
  insiMandate: true,
} as const;
