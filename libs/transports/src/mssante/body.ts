/** What a person reads first, in French: no trait of anybody, no word of health. */

export interface BodyOrder {
  sender: string;
  /** own words of the flow; without them, what the attachments are */
  text?: string;
  /** what is joined, in French words of the flow: « Dossier transmis » */
  title: string;
  attachments: readonly ('archive' | 'pdf')[];
  replaces: boolean;
  /** the recipient is asked for something: how it answers */
  awaitsAnswer: boolean;
  attempt: number;
}

const ATTACHED = {
  archive: 'IHE_XDM.zip : le document structuré et ses métadonnées, pour votre logiciel ;',
  pdf: 'un fichier PDF : le même document, à lire.',
} as const;

export function bodyOf(order: BodyOrder): string {
  const { sender, text, title, attachments, replaces, awaitsAnswer, attempt } = order;
  return [
    'Bonjour,',
    text ?? `${sender} vous adresse : ${title}.`,
    ...(replaces ? ['Ce document annule et remplace celui qui vous a été adressé précédemment.'] : []),
    ...(attachments.length === 0
      ? []
      : [['Pièces jointes :', ...attachments.map((one) => `- ${ATTACHED[one]}`)].join('\r\n')]),
    ...(awaitsAnswer
      ? [
          'Pour répondre : répondez à ce message, sans en changer l’objet du fil, en joignant IHE_XDM.zip (document CDA) ou, à défaut, un fichier PDF.',
        ]
      : []),
    ...(attempt > 1
      ? [`Cet envoi est répété (n° ${attempt}) : si vous l’avez déjà reçu, n’en tenez pas compte.`]
      : []),
    `Message transmis par Relais pour ${sender}.`,
  ].join('\r\n\r\n');
}
