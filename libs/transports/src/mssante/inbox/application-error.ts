/** Table ERR-5 applicationErrorCode, which MDNs of MSSanté use again (ANS, volet « intégration par un LPS »). */
export const APPLICATION_ERRORS = {
  900: 'Version erronée lors d’un remplacement ou d’une suppression',
  901: 'Auteur non habilité à remplacer ou supprimer',
  902: 'Patient inconnu',
  903: 'INS absente du document',
  904: 'INS différente de celle détenue',
  905: 'Traits de l’INS incomplets',
  906: 'Autre erreur',
} as const;

export type ApplicationError = keyof typeof APPLICATION_ERRORS;
