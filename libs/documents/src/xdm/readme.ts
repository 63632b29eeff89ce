import type { ReadCda, SubmissionOrder } from '#core';

/** README.TXT: who made the archive, how it is laid out, whom to call. CR LF, as such media want. */
export function readme({ contact, at }: SubmissionOrder, headers: readonly ReadCda[]): Uint8Array {
  const origin = headers[0]?.organization.name;
  const lines = [
    'Archive d’échange de documents de santé (profil IHE XDM).',
    '',
    `Émetteur : ${origin ?? 'non précisé'}`,
    `Contact : ${contact ?? 'répondre au message qui porte cette archive'}`,
    `Constituée le ${at.slice(0, 10).split('-').reverse().join('/')} par le logiciel Relais.`,
    '',
    'Contenu :',
    'INDEX.HTM : liste des documents, à ouvrir dans un navigateur.',
    'IHE_XDM/SUBSET01/METADATA.XML : description du lot, pour les logiciels.',
    `IHE_XDM/SUBSET01/DOC0001.XML et suivants : ${headers.length} document(s) au format CDA R2.`,
    '',
    'Ces documents contiennent des données de santé couvertes par le secret professionnel.',
  ];
  return new TextEncoder().encode(`${lines.map((line) => line.replace(/[\r\n]+/g, ' ')).join('\r\n')}\r\n`);
}
