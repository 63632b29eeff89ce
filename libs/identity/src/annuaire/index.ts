export { AnnuaireSante, type AnnuaireSanteOptions } from './annuaire-sante.ts';
export { DirectoryCopies, type DirectoryCopiesOptions } from './directory-copies.ts';
export { LDAP_ATTRIBUTES, LdapDirectory, type LdapDirectoryOptions } from './ldap-directory.ts';
export type { LdapAttributes } from './ldap-search.ts';
