import { BrokerError } from '#core';

/** Why an archive is refused: the code of the one finding of `xdm.invalid`. */
export const XDM_REFUSALS = {
  'xdm.not-a-zip': 'Le fichier n’est pas une archive ZIP lisible.',
  'xdm.too-large': 'L’archive dépasse la taille admise.',
  'xdm.too-many-files': 'L’archive contient trop de fichiers.',
  'xdm.ratio': 'L’archive est compressée au-delà de ce qu’un document demande.',
  'xdm.overlap': 'Les fichiers de l’archive se recouvrent.',
  'xdm.path': 'Un chemin de l’archive sort de son dossier.',
  'xdm.duplicate': 'L’archive contient deux fichiers du même nom.',
  'xdm.ambiguous': 'Un fichier de l’archive porte deux noms.',
  'xdm.link': 'L’archive contient un lien.',
  'xdm.encrypted': 'L’archive est chiffrée.',
  'xdm.nested': 'L’archive contient une autre archive.',
  'xdm.checksum': 'Un fichier de l’archive est abîmé.',
  'xdm.no-metadata': 'L’archive n’a pas de fichier METADATA.XML.',
  'xdm.several-lots': 'L’archive contient plusieurs lots.',
  'xdm.doctype': 'Un fichier XML de l’archive porte un DOCTYPE.',
  'xdm.metadata': 'Le fichier METADATA.XML ne décrit pas un lot de documents.',
  'xdm.no-document': 'Un document annoncé manque dans l’archive.',
  'xdm.size': 'La taille d’un document diffère de celle annoncée.',
  'xdm.hash': 'L’empreinte d’un document diffère de celle annoncée.',
  'xdm.no-cda': 'L’archive ne contient aucun document CDA.',
  'xdm.cda': 'Un document CDA de l’archive est illisible.',
  'xdm.body': 'Un document contient un fichier d’un format non admis.',
  'xdm.id': 'L’identifiant d’un document diffère de celui annoncé.',
  'xdm.several-patients': 'L’archive porte sur plusieurs personnes.',
  'xdm.patient': 'Le patient du document n’est pas celui de l’archive.',
} as const;

export type XdmRefusal = keyof typeof XDM_REFUSALS;

/** Names of files may hold names of people: none is told. */
export function refusal(code: XdmRefusal): BrokerError {
  const detail = XDM_REFUSALS[code];
  return new BrokerError('xdm.invalid', { detail, findings: [{ pointer: '', code, detail }] });
}
