/** Why a document is refused: codes of ours, sentences for people, never a word of the content. */
import type { Finding } from '#core';

export const REFUSALS = {
  'document.too-long': 'Le document est trop long pour être mis en page.',
  'document.too-wide': 'Un tableau du document a trop de colonnes pour être mis en page.',
  'document.identity-too-long': 'Les traits d’identité sont trop longs pour leur bandeau.',
  'pdf.too-large': 'Le fichier PDF est trop volumineux.',
  'pdf.too-complex': 'Le fichier PDF demande trop de temps ou de mémoire pour être contrôlé.',
  'pdf.unreadable': 'Le fichier n’est pas un PDF lisible.',
  'pdf.hidden-object': 'Le PDF cache des objets à l’intérieur d’autres objets.',
  'pdf.encrypted': 'Le PDF est chiffré ou protégé par un mot de passe.',
  'pdf.javascript': 'Le PDF contient du JavaScript.',
  'pdf.launch': 'Le PDF peut lancer un programme ou ouvrir un fichier.',
  'pdf.open-action': 'Le PDF déclenche une action à son ouverture.',
  'pdf.additional-actions': 'Le PDF déclenche des actions sans geste du lecteur.',
  'pdf.submit-form': 'Le PDF peut envoyer des données.',
  'pdf.import-data': 'Le PDF peut importer des données.',
  'pdf.external-reference': 'Le PDF renvoie à un fichier extérieur.',
  'pdf.embedded-file': 'Le PDF contient un fichier joint.',
  'pdf.rich-media': 'Le PDF contient un son, une vidéo ou un objet animé.',
  'pdf.xfa': 'Le PDF contient un formulaire dynamique XFA.',
  'pdf.postscript': 'Le PDF contient du code PostScript.',
} as const satisfies Record<string, string>;

export type RefusalCode = keyof typeof REFUSALS;

export function refusal(code: RefusalCode): Finding {
  return { pointer: '', code, detail: REFUSALS[code] };
}
