/** Where the portal has a page: every one is the same file, and which it shows is the address's affair. */
export const PAGES = [
  '/',
  '/demandes',
  '/demandes/nouvelle',
  '/demandes/:id',
  '/delegations',
  '/identites',
  '/identites/statistiques',
  '/exploitation',
  '/exploitation/remises',
  '/exploitation/rejeu',
  '/exploitation/contrats',
  '/exploitation/contrats/:flow',
  '/exploitation/messages/:id',
  '/exploitation/partenaires',
  '/exploitation/partenaires/:id',
] as const;
