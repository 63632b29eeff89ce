/** What INSi answered, in words. */
export const STATUS_WORDS = {
  QUAL: {
    tone: 'good',
    says: 'Identité qualifiée : INSi l’a trouvée et une pièce d’identité a été vue. Le matricule peut partir avec la demande.',
  },
  RECUP: {
    tone: 'info',
    says: 'Identité récupérée : INSi l’a trouvée, mais aucune pièce d’identité n’a été vue. La demande partira sans matricule.',
  },
  VALI: {
    tone: 'info',
    says: 'Identité validée : une pièce d’identité a été vue, mais INSi ne l’a pas trouvée. La demande partira sans matricule.',
  },
  PROV: {
    tone: 'info',
    says: 'Identité provisoire : la demande partira avec les seuls traits, et le service source devra confirmer.',
  },
} as const;
