/** Words of agreements, as who runs Relais says them. */
import type { Api } from '../api/schemas.ts';

export type Agreement = Api['PartnerAgreement'];

export const KINDS: Readonly<Record<Agreement['kind'], string>> = {
  spsti: 'service de prévention et de santé au travail',
  insi: 'téléservice INSi',
  hdh: 'Health Data Hub',
  esms: 'établissement ou service médico-social',
  dmp: 'DMP',
  dares: 'DARES',
  dgafp: 'DGAFP',
  spf: 'Santé publique France',
  'gis-evrest': 'GIS Evrest',
  cnam: 'Assurance maladie',
  'cnam-medical': 'service médical de l’Assurance maladie',
  portal: 'portail',
  dgt: 'Direction générale du travail',
  internal: 'logiciel interne d’un service',
};

export const WAYS: Readonly<Record<Agreement['transport'], string>> = {
  https: 'envoi par HTTPS',
  mailbox: 'boîte à relever',
  amqp: 'file RabbitMQ',
  insi: 'téléservice INSi',
  portal: 'pages de Relais',
  fhir: 'serveur FHIR',
  mssante: 'MSSanté',
  'xds-b': 'DMP (XDS.b)',
  mhd: 'DMP (PDSm)',
  'interops-soap': 'INTEROPS',
  sftp: 'dépôt SFTP',
};

export const AUDIENCES: Readonly<Record<Agreement['keys'][number]['audience'], string>> = {
  enc: 'le service',
  'enc-h': 'ses professionnels de santé',
};

export const MANDATES: Readonly<Record<Agreement['mandates'][number]['mandate'], string>> = {
  insi: 'appeler INSi en son nom',
  mailbox: 'sa boîte applicative MSSanté',
  seal: 'apposer son cachet',
  dmp: 'écrire au DMP en son nom',
};

/** Of `Ending.use`. */
export const USES: Readonly<Record<string, string>> = {
  enc: 'chiffrement pour le service',
  'enc-h': 'chiffrement pour ses professionnels de santé',
  'insi-auto': 'certificat INSi (automate)',
  'insi-manu': 'certificat INSi (personne)',
  mailbox: 'connexion à la boîte MSSanté',
  'mailbox-encryption': 'chiffrement de la boîte MSSanté',
  'mailbox-signature': 'signature de la boîte MSSanté',
  seal: 'cachet',
  dmp: 'certificat DMP',
  'insi-mandate': 'mandat INSi',
  'mailbox-mandate': 'mandat de la boîte MSSanté',
  'seal-mandate': 'mandat du cachet',
  'dmp-mandate': 'mandat DMP',
  'mssante-signer': 'signataire MSSanté',
  'mssante-sealing': 'chiffrement MSSanté',
  'interops-signer': 'signataire INTEROPS',
  'interops-encryption': 'chiffrement INTEROPS',
  'interops-agreement': 'convention INTEROPS',
  'partner-client': 'certificat de connexion de son logiciel',
};

/** Of the settings of a channel or a mandate. */
export const SETTINGS: Readonly<Record<string, string>> = {
  acknowledgements: 'dossier des accusés',
  address: 'adresse',
  cipher: 'chiffrement',
  direction: 'sens',
  emitter: 'émetteur',
  folder: 'dossier',
  from: 'depuis',
  host: 'hôte',
  hostKeys: 'clés de l’hôte',
  imap: 'relève',
  label: 'libellé',
  legalReference: 'référence',
  oaepSha1Until: 'OAEP-SHA-1 toléré jusqu’au',
  pagm: 'profils (PAGM)',
  readers: 'lecteurs',
  scope: 'portée',
  sector: 'secteur',
  sha1Until: 'SHA-1 toléré jusqu’au',
  status: 'état',
  structureId: 'structure',
  submission: 'envoi',
  to: 'jusqu’au',
  transaction: 'transaction',
  version: 'version',
  vihfVersion: 'version du VIHF',
};

/** Of what some of these settings hold; the rest is shown as it is. */
export const VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  direction: { client: 'Relais appelle', provider: 'Relais est appelé', both: 'les deux' },
  readers: { service: 'le service', health: 'ses professionnels de santé seuls' },
  scope: { auto: 'automate', manu: 'personne', 'auto, manu': 'automate et personne' },
  status: { active: 'active', suspended: 'suspendue' },
};
