/** Made from the OpenAPI document (test/house/portal-types.spec.ts -u): not to be edited. */

/**
 * @maxItems 200
 */
export type Convocations = {
  id: string;
  visit:
    | 'VIPI'
    | 'VIPP'
    | 'EMAE'
    | 'EMAP'
    | 'VINT'
    | 'VPRE'
    | 'VREP'
    | 'VDEM-S'
    | 'VDEM-E'
    | 'VDEM-M'
    | 'VMIC'
    | 'VPEX'
    | 'VFIN';
  /**
   * une ligne de texte
   */
  label: string;
  at: string;
  /**
   * une ligne de texte
   */
  place?: string;
  status: 'PREVUE' | 'TENUE' | 'ANNULEE';
}[];
/**
 * @maxItems 500
 */
export type Exposures = {
  /**
   * une ligne de texte
   */
  label: string;
  tepCode?: string;
  from: string;
  to?: string;
  intensityClass?: number;
  /**
   * une ligne de texte
   */
  prevention?: string;
}[];
/**
 * @maxItems 200
 */
export type Vaccinations = {
  /**
   * une ligne de texte
   */
  vaccine: string;
  date: string;
  /**
   * une ligne de texte
   */
  lot?: string;
  nextDue?: string;
}[];
/**
 * qui a ouvert le dossier : par qualité, sans nom
 *
 * @maxItems 2000
 */
export type AccessLog = {
  at: string;
  role:
    | 'MT'
    | 'COLLABORATEUR'
    | 'INTERNE'
    | 'MPC'
    | 'IDEST'
    | 'IPRP'
    | 'ASST'
    | 'SECRETAIRE'
    | 'AUTRE-SPST'
    | 'PERSONNE';
  action: 'CONSULTATION' | 'ECRITURE' | 'TRANSMISSION' | 'COPIE';
  /**
   * une ligne de texte
   */
  service?: string;
}[];
/**
 * liste fermée : ce qui n’y est pas n’existe pas
 */
export type CeQuUnEmployeurVoit = {
  [k: string]: unknown;
} & {
  siret: string;
  employer: {
    name: string;
    address: string;
  };
  output?: Output;
  recommendations?: Recommendations;
  establishment?: Establishment;
};
/**
 * @maxItems 9
 */
export type SirTriggers = (
  | 'AMIANTE'
  | 'PLOMB'
  | 'CMR'
  | 'BIO34'
  | 'RAYONNEMENTS'
  | 'HYPERBARE'
  | 'ECHAFAUDAGE'
  | 'APTITUDE'
  | 'EMPLOYEUR'
)[];

export interface Api {
  DmstRequest: DmstRequest;
  ScannedIdentity: ScannedIdentity;
  'insi.result.v1': ReponseDuTeleserviceTelleQueRelaisLAComprise;
  ServiceCard: ServiceCard;
  Problem: Problem;
  HeldIdentity: HeldIdentity;
  Overview: Overview;
  SupervisedDelivery: SupervisedDelivery;
  SupervisedMessage: SupervisedMessage;
  ReplayReport: ReplayReport;
  OwnPublication: OwnPublication;
  OwnView: OwnView;
  OwnAccesses: OwnAccesses;
  OwnCopyRequest: OwnCopyRequest;
  EmployerCard: EmployerCard;
  EmployerPublication: EmployerPublication;
  DeclarationCheck: DeclarationCheck;
  OwnDeclaration: OwnDeclaration;
  Delegation: Delegation;
  FlowCard: FlowCard;
  FlowDetail: FlowDetail;
  CheckVerdict: CheckVerdict;
}
export interface DmstRequest {
  id: string;
  /**
   * celui du service le plus avancé
   */
  state:
    | 'DRAFT'
    | 'GATE_OK'
    | 'SUBMITTED'
    | 'DELIVERED'
    | 'ACCEPTED'
    | 'REFUSED'
    | 'SENT'
    | 'RECEIVED'
    | 'OPENED'
    | 'FILED'
    | 'CLOSED'
    | 'EXPIRED'
    | 'CANCELLED'
    | 'QUARANTINED'
    | 'MATCHED'
    | 'NOT_FOUND'
    | 'AMBIGUOUS'
    | 'PREPARED';
  createdAt: string;
  expiresAt: string;
  answered: string;
  sources: {
    partner: string;
    name: string;
    /**
     * État d’un échange.
     *
     * - `DRAFT` : pas encore envoyé
     * - `GATE_OK` : information et non-opposition vérifiées
     * - `SUBMITTED` : envoyé
     * - `DELIVERED` : remis au service
     * - `ACCEPTED` : pris en charge
     * - `REFUSED` : refusé
     * - `SENT` : dossier envoyé
     * - `RECEIVED` : dossier reçu
     * - `OPENED` : dossier ouvert
     * - `FILED` : versé au dossier
     * - `CLOSED` : clos
     * - `EXPIRED` : temps écoulé
     * - `CANCELLED` : arrêté
     * - `QUARANTINED` : identité à trancher
     * - `MATCHED` : travailleur reconnu (pour le service saisi seul)
     * - `NOT_FOUND` : travailleur inconnu (pour le service saisi seul)
     * - `AMBIGUOUS` : plusieurs travailleurs possibles (pour le service saisi seul)
     * - `PREPARED` : dossier prêt (pour le service saisi seul)
     */
    state:
      | 'DRAFT'
      | 'GATE_OK'
      | 'SUBMITTED'
      | 'DELIVERED'
      | 'ACCEPTED'
      | 'REFUSED'
      | 'SENT'
      | 'RECEIVED'
      | 'OPENED'
      | 'FILED'
      | 'CLOSED'
      | 'EXPIRED'
      | 'CANCELLED'
      | 'QUARANTINED'
      | 'MATCHED'
      | 'NOT_FOUND'
      | 'AMBIGUOUS'
      | 'PREPARED';
    deadline?: string;
    overdue?: boolean;
    /**
     * code public : R03 pour R01 comme pour R03
     */
    refusal?: string;
  }[];
  /**
   * le plus récent jusqu’ici
   */
  best?: {
    partner: string;
    messageId: string;
    /**
     * pour les professionnels de santé
     */
    lastVisit?: string;
  };
}
export interface ScannedIdentity {
  traits: {
    birthName: string;
    firstNames: string[];
    sex: 'M' | 'F' | 'I';
    /**
     * AAAA-MM-JJ
     */
    birthDate: string;
    /**
     * code officiel géographique
     */
    birthPlace?: string;
  };
  ins: {
    /**
     * 13 caractères
     */
    value: string;
    /**
     * 2 chiffres
     */
    key: string;
    oid: string;
  };
}
/**
 * Une réponse, ou la liste « results » d’une vérification en nombre.
 */
export interface ReponseDuTeleserviceTelleQueRelaisLAComprise {
  /**
   * message auquel ceci répond
   */
  id: string;
  outcome?: 'found' | 'none' | 'several' | 'unavailable';
  status?: 'PROV' | 'RECUP' | 'VALI' | 'QUAL';
  /**
   * @maxItems 3
   */
  attributes?: ('homonyme' | 'douteuse' | 'fictive')[];
  ins?: MatriculeINS;
  traits?: TraitsStricts;
  /**
   * @maxItems 20
   */
  reasons?: {
    code: string;
    detail: string;
  }[];
  /**
   * @minItems 1
   * @maxItems 1000
   */
  results?: {
    /**
     * repère choisi par le demandeur, rendu avec le résultat ; jamais un matricule
     */
    ref: string;
    outcome: 'found' | 'none' | 'several' | 'unavailable';
    status: 'PROV' | 'RECUP' | 'VALI' | 'QUAL';
    /**
     * @maxItems 3
     */
    attributes: ('homonyme' | 'douteuse' | 'fictive')[];
    ins?: MatriculeINS;
    traits?: TraitsStricts;
    /**
     * @maxItems 20
     */
    reasons: {
      code: string;
      detail: string;
    }[];
    /**
     * autres fiches du lot qui portent le même matricule, quand les traits diffèrent
     *
     * @minItems 1
     * @maxItems 20
     *
     * Items: repère choisi par le demandeur, rendu avec le résultat ; jamais un matricule
     */
    collidesWith?: string[];
    /**
     * autres fiches du lot qui ont les mêmes traits
     *
     * @minItems 1
     * @maxItems 20
     *
     * Items: repère choisi par le demandeur, rendu avec le résultat ; jamais un matricule
     */
    duplicates?: string[];
  }[];
}
export interface MatriculeINS {
  value: string;
  key: string;
  oid: '1.2.250.1.213.1.4.8' | '1.2.250.1.213.1.4.9' | '1.2.250.1.213.1.4.10' | '1.2.250.1.213.1.4.11';
}
export interface TraitsStricts {
  birthName: string;
  /**
   * prénoms de naissance, le premier d’abord
   *
   * @minItems 1
   * @maxItems 20
   */
  firstNames: string[];
  sex: 'M' | 'F' | 'I';
  birthDate: string;
  /**
   * code officiel géographique, jamais corrigé
   */
  birthPlace?: string;
  usedName?: string;
  usedFirstName?: string;
}
export interface ServiceCard {
  /**
   * à mettre dans `recipient` ou `sources` ; `annuaire:…` n’y va pas
   */
  id: string;
  /**
   * Nature.
   *
   * - `spsti` : service de prévention et de santé au travail
   * - `insi` : téléservice INSi
   * - `hdh` : Health Data Hub
   * - `esms` : établissement ou service médico-social
   * - `dmp` : dossier médical partagé
   * - `dares` : DARES
   * - `dgafp` : DGAFP
   * - `spf` : Santé publique France
   * - `gis-evrest` : GIS Evrest
   * - `cnam` : Assurance Maladie
   * - `cnam-medical` : service médical de l’Assurance Maladie
   * - `portal` : portail
   * - `dgt` : Direction générale du travail
   * - `internal` : professionnels du service
   */
  kind:
    | 'spsti'
    | 'insi'
    | 'hdh'
    | 'esms'
    | 'dmp'
    | 'dares'
    | 'dgafp'
    | 'spf'
    | 'gis-evrest'
    | 'cnam'
    | 'cnam-medical'
    | 'portal'
    | 'dgt'
    | 'internal';
  name: string;
  /**
   * flux que sa convention lui permet d’envoyer
   */
  flows: string[];
  /**
   * Par quoi Relais l’atteint.
   *
   * - `relais` : partenaire : on peut lui demander un dossier
   * - `mssante` : connu d’un annuaire : un courriel MSSanté seul l’atteint
   * - `no` : connu d’un annuaire, sans adresse publiée
   */
  reachable: 'relais' | 'mssante' | 'no';
  siret?: string;
  finess?: string;
  mailboxes?: {
    address: string;
    /**
     * TRE_R257
     */
    type?: string;
    description?: string;
  }[];
  /**
   * instant où l’annuaire l’a dit
   */
  readAt?: string;
}
/**
 * RFC 9457. Rien de ce qui a été envoyé n’y est répété.
 */
export interface Problem {
  /**
   * `urn:relais:problem:<code>`
   */
  type: string;
  /**
   * le sens du code, en français
   */
  title: string;
  status: number;
  /**
   * Liste fermée : un code s’ajoute, il ne change jamais de nom.
   */
  code:
    | 'event.malformed'
    | 'event.too-deep'
    | 'xml.doctype'
    | 'soap.invalid'
    | 'xml.signature-invalid'
    | 'vector.missing'
    | 'vector.invalid'
    | 'vector.replayed'
    | 'client.unauthenticated'
    | 'client.foreign'
    | 'client.expired'
    | 'client.revoked'
    | 'client.wrong-purpose'
    | 'person.unauthenticated'
    | 'person.means-too-weak'
    | 'source.mismatch'
    | 'flow.not-allowed'
    | 'role.not-allowed'
    | 'delegation.missing'
    | 'part.not-separable'
    | 'not-found'
    | 'body.stalled'
    | 'message.id-reused'
    | 'message.resend-needed'
    | 'state.conflict'
    | 'body.too-large'
    | 'batch.too-large'
    | 'media-type.unsupported'
    | 'flow.unknown'
    | 'recipient.unknown'
    | 'content.invalid'
    | 'content.active'
    | 'message.expired'
    | 'message.too-old'
    | 'jwe.invalid'
    | 'jwe.wrong-kid'
    | 'xml.encryption-invalid'
    | 'mail.envelope-invalid'
    | 'mail.malformed'
    | 'xdm.invalid'
    | 'acknowledgement.invalid'
    | 'mail.header-invalid'
    | 'mail.patient-not-allowed'
    | 'identity.invalid'
    | 'identity.in-doubt'
    | 'anonymity.k-too-low'
    | 'gate.non-opposition-missing'
    | 'gate.information-missing'
    | 'gate.consent-missing'
    | 'gate.opposition-list-missing'
    | 'gate.campaign-closed'
    | 'gate.out-of-sample'
    | 'gate.not-competent'
    | 'gate.identity-status'
    | 'gate.feature-off'
    | 'exchange.unknown'
    | 'exchange.closed'
    | 'rate.exceeded'
    | 'insi.call-limit'
    | 'internal'
    | 'configuration.invalid'
    | 'mandate.missing'
    | 'recipient.key-invalid'
    | 'mail.access-refused'
    | 'mail.session-needed'
    | 'mail.discovery-failed'
    | 'mail.host-refused'
    | 'mail.tls-refused'
    | 'mail.server-untrusted'
    | 'transport.unreachable'
    | 'transport.refused'
    | 'transport.host-unknown'
    | 'transport.bad-answer'
    | 'insi.unavailable'
    | 'insi.access-refused'
    | 'store.unavailable'
    | 'writer.fenced';
  /**
   * cette occurrence : la même dans le journal technique
   */
  instance: string;
  detail?: string;
  errors?: Finding[];
}
export interface Finding {
  /**
   * RFC 6901 ; vide : le tout
   */
  pointer: string;
  /**
   * code de la règle, par exemple `schema.required`
   */
  code: string;
  /**
   * phrase en français, sans la valeur trouvée
   */
  detail: string;
}
export interface HeldIdentity {
  id: string;
  messageId: string;
  /**
   * Items: code de la raison
   */
  reasons: string[];
  heldAt: string;
  /**
   * vide quand le doute n’est pas sur une identité
   */
  details: {
    /**
     * qui dit autre chose
     */
    by?: 'insi' | 'source';
    sent?: NamedIdentity;
    found?: NamedIdentity1;
    reasons?: {
      code: string;
      detail: string;
    }[];
    differences?: IdentityDifference[];
  };
}
/**
 * ce qui a été envoyé
 */
export interface NamedIdentity {
  traits: {
    birthName: string;
    firstNames: string[];
    sex: 'M' | 'F' | 'I';
    birthDate: string;
    birthPlace?: string;
    usedName?: string;
    usedFirstName?: string;
  };
  ins?: {
    value: string;
    key: string;
    oid: string;
  };
}
/**
 * qui a été trouvé
 */
export interface NamedIdentity1 {
  traits: {
    birthName: string;
    firstNames: string[];
    sex: 'M' | 'F' | 'I';
    birthDate: string;
    birthPlace?: string;
    usedName?: string;
    usedFirstName?: string;
  };
  ins?: {
    value: string;
    key: string;
    oid: string;
  };
}
export interface IdentityDifference {
  /**
   * nom du trait, ou ins
   */
  trait: string;
  sent: string;
  found: string;
  letters: {
    in: 'both' | 'sent' | 'found';
    text: string;
  }[];
  hint?: 'one-letter' | 'day-and-month-swapped';
}
export interface Overview {
  at: string;
  /**
   * début de la première heure
   */
  since: string;
  flows: {
    flow: string;
    title: string;
    /**
     * messages acceptés, l’heure en cours en dernier
     */
    perHour: number[];
    accepted: number;
    delivered: number;
    /**
     * refusés, morts ou expirés
     */
    failed: number;
    /**
     * à trancher
     */
    held: number;
    /**
     * accusés ou réponses en retard, 500 au plus sont comptés
     */
    overdue: number;
    /**
     * remises mortes, 500 au plus sont comptées
     */
    dead: number;
  }[];
  queues: {
    /**
     * partenaire
     */
    recipient: string;
    waiting: number;
    oldestSeconds: number;
  }[];
  certificates: {
    owner: string;
    use: string;
    until: string;
    days: number;
  }[];
}
export interface SupervisedDelivery {
  messageId: string;
  flow: string;
  id: string;
  /**
   * partenaire
   */
  recipient: string;
  /**
   * Par où.
   *
   * - `https` : poussée
   * - `mailbox` : retirée dans la boîte
   * - `amqp` : déposée dans sa file RabbitMQ
   * - `insi` : téléservice INSi
   * - `fhir` : transaction FHIR
   * - `mssante` : messagerie sécurisée de santé
   * - `xds-b` : DMP (ITI-41)
   * - `mhd` : dépôt PDSm (MHD)
   * - `interops-soap` : INTEROPS-A
   * - `sftp` : dépôt SFTP
   * - `portal` : copie gardée un temps pour le portail (exploitation seule)
   */
  transport:
    | 'https'
    | 'mailbox'
    | 'amqp'
    | 'insi'
    | 'fhir'
    | 'mssante'
    | 'xds-b'
    | 'mhd'
    | 'interops-soap'
    | 'sftp'
    | 'portal';
  /**
   * Une remise = un message pour un destinataire.
   *
   * - `queued` : en attente
   * - `available` : à retirer dans la boîte
   * - `sending` : essai en cours
   * - `delivered` : reçue
   * - `retrying` : nouvel essai prévu
   * - `refused` : refusée par le destinataire
   * - `dead` : essais épuisés
   * - `expired` : temps écoulé
   * - `cancelled` : arrêtée ou remplacée
   */
  state:
    | 'queued'
    | 'available'
    | 'sending'
    | 'delivered'
    | 'retrying'
    | 'refused'
    | 'dead'
    | 'expired'
    | 'cancelled';
  /**
   * essais faits
   */
  attempts: number;
  createdAt: string;
  /**
   * au-delà, plus d’essai
   */
  expiresAt: string;
  nextTryAt?: string;
  /**
   * Liste fermée : un code s’ajoute, il ne change jamais de nom.
   */
  lastError?:
    | 'event.malformed'
    | 'event.too-deep'
    | 'xml.doctype'
    | 'soap.invalid'
    | 'xml.signature-invalid'
    | 'vector.missing'
    | 'vector.invalid'
    | 'vector.replayed'
    | 'client.unauthenticated'
    | 'client.foreign'
    | 'client.expired'
    | 'client.revoked'
    | 'client.wrong-purpose'
    | 'person.unauthenticated'
    | 'person.means-too-weak'
    | 'source.mismatch'
    | 'flow.not-allowed'
    | 'role.not-allowed'
    | 'delegation.missing'
    | 'part.not-separable'
    | 'not-found'
    | 'body.stalled'
    | 'message.id-reused'
    | 'message.resend-needed'
    | 'state.conflict'
    | 'body.too-large'
    | 'batch.too-large'
    | 'media-type.unsupported'
    | 'flow.unknown'
    | 'recipient.unknown'
    | 'content.invalid'
    | 'content.active'
    | 'message.expired'
    | 'message.too-old'
    | 'jwe.invalid'
    | 'jwe.wrong-kid'
    | 'xml.encryption-invalid'
    | 'mail.envelope-invalid'
    | 'mail.malformed'
    | 'xdm.invalid'
    | 'acknowledgement.invalid'
    | 'mail.header-invalid'
    | 'mail.patient-not-allowed'
    | 'identity.invalid'
    | 'identity.in-doubt'
    | 'anonymity.k-too-low'
    | 'gate.non-opposition-missing'
    | 'gate.information-missing'
    | 'gate.consent-missing'
    | 'gate.opposition-list-missing'
    | 'gate.campaign-closed'
    | 'gate.out-of-sample'
    | 'gate.not-competent'
    | 'gate.identity-status'
    | 'gate.feature-off'
    | 'exchange.unknown'
    | 'exchange.closed'
    | 'rate.exceeded'
    | 'insi.call-limit'
    | 'internal'
    | 'configuration.invalid'
    | 'mandate.missing'
    | 'recipient.key-invalid'
    | 'mail.access-refused'
    | 'mail.session-needed'
    | 'mail.discovery-failed'
    | 'mail.host-refused'
    | 'mail.tls-refused'
    | 'mail.server-untrusted'
    | 'transport.unreachable'
    | 'transport.refused'
    | 'transport.host-unknown'
    | 'transport.bad-answer'
    | 'insi.unavailable'
    | 'insi.access-refused'
    | 'store.unavailable'
    | 'writer.fenced';
  receipt?: Receipt;
}
export interface Receipt {
  /**
   * Ce que le destinataire en dit ; ne recule jamais.
   *
   * - `received` : reçu
   * - `opened` : ouvert par une personne
   * - `filed` : versé au dossier
   * - `refused` : refusé
   */
  outcome: 'received' | 'opened' | 'filed' | 'refused';
  at: string;
  code?: string;
  detail?: string;
}
export interface SupervisedMessage {
  id: string;
  flow: string;
  type: string;
  /**
   * partenaire
   */
  sender: string;
  /**
   * Items: partenaire
   */
  recipients: string[];
  /**
   * Le moins avancé de ses remises, ou la pire issue.
   *
   * - `receiving` : le corps arrive
   * - `accepted` : sur disque, reçu donné
   * - `preparing` : identité, transformation, chiffrement
   * - `held` : une personne doit trancher une identité
   * - `delivering` : au moins une remise en cours
   * - `delivered` : remis à tous
   * - `refused` : refusé par un destinataire, ou par une règle après réception
   * - `dead` : essais épuisés : un opérateur peut rejouer
   * - `expired` : temps écoulé
   * - `cancelled` : arrêté ou remplacé
   */
  status:
    | 'receiving'
    | 'accepted'
    | 'preparing'
    | 'held'
    | 'delivering'
    | 'delivered'
    | 'refused'
    | 'dead'
    | 'expired'
    | 'cancelled';
  receivedAt: string;
  /**
   * octets
   */
  size: number;
  deliveries: {
    id: string;
    /**
     * partenaire
     */
    recipient: string;
    /**
     * Par où.
     *
     * - `https` : poussée
     * - `mailbox` : retirée dans la boîte
     * - `amqp` : déposée dans sa file RabbitMQ
     * - `insi` : téléservice INSi
     * - `fhir` : transaction FHIR
     * - `mssante` : messagerie sécurisée de santé
     * - `xds-b` : DMP (ITI-41)
     * - `mhd` : dépôt PDSm (MHD)
     * - `interops-soap` : INTEROPS-A
     * - `sftp` : dépôt SFTP
     * - `portal` : copie gardée un temps pour le portail (exploitation seule)
     */
    transport:
      | 'https'
      | 'mailbox'
      | 'amqp'
      | 'insi'
      | 'fhir'
      | 'mssante'
      | 'xds-b'
      | 'mhd'
      | 'interops-soap'
      | 'sftp'
      | 'portal';
    /**
     * Une remise = un message pour un destinataire.
     *
     * - `queued` : en attente
     * - `available` : à retirer dans la boîte
     * - `sending` : essai en cours
     * - `delivered` : reçue
     * - `retrying` : nouvel essai prévu
     * - `refused` : refusée par le destinataire
     * - `dead` : essais épuisés
     * - `expired` : temps écoulé
     * - `cancelled` : arrêtée ou remplacée
     */
    state:
      | 'queued'
      | 'available'
      | 'sending'
      | 'delivered'
      | 'retrying'
      | 'refused'
      | 'dead'
      | 'expired'
      | 'cancelled';
    /**
     * essais faits
     */
    attempts: number;
    createdAt: string;
    /**
     * au-delà, plus d’essai
     */
    expiresAt: string;
    nextTryAt?: string;
    /**
     * Liste fermée : un code s’ajoute, il ne change jamais de nom.
     */
    lastError?:
      | 'event.malformed'
      | 'event.too-deep'
      | 'xml.doctype'
      | 'soap.invalid'
      | 'xml.signature-invalid'
      | 'vector.missing'
      | 'vector.invalid'
      | 'vector.replayed'
      | 'client.unauthenticated'
      | 'client.foreign'
      | 'client.expired'
      | 'client.revoked'
      | 'client.wrong-purpose'
      | 'person.unauthenticated'
      | 'person.means-too-weak'
      | 'source.mismatch'
      | 'flow.not-allowed'
      | 'role.not-allowed'
      | 'delegation.missing'
      | 'part.not-separable'
      | 'not-found'
      | 'body.stalled'
      | 'message.id-reused'
      | 'message.resend-needed'
      | 'state.conflict'
      | 'body.too-large'
      | 'batch.too-large'
      | 'media-type.unsupported'
      | 'flow.unknown'
      | 'recipient.unknown'
      | 'content.invalid'
      | 'content.active'
      | 'message.expired'
      | 'message.too-old'
      | 'jwe.invalid'
      | 'jwe.wrong-kid'
      | 'xml.encryption-invalid'
      | 'mail.envelope-invalid'
      | 'mail.malformed'
      | 'xdm.invalid'
      | 'acknowledgement.invalid'
      | 'mail.header-invalid'
      | 'mail.patient-not-allowed'
      | 'identity.invalid'
      | 'identity.in-doubt'
      | 'anonymity.k-too-low'
      | 'gate.non-opposition-missing'
      | 'gate.information-missing'
      | 'gate.consent-missing'
      | 'gate.opposition-list-missing'
      | 'gate.campaign-closed'
      | 'gate.out-of-sample'
      | 'gate.not-competent'
      | 'gate.identity-status'
      | 'gate.feature-off'
      | 'exchange.unknown'
      | 'exchange.closed'
      | 'rate.exceeded'
      | 'insi.call-limit'
      | 'internal'
      | 'configuration.invalid'
      | 'mandate.missing'
      | 'recipient.key-invalid'
      | 'mail.access-refused'
      | 'mail.session-needed'
      | 'mail.discovery-failed'
      | 'mail.host-refused'
      | 'mail.tls-refused'
      | 'mail.server-untrusted'
      | 'transport.unreachable'
      | 'transport.refused'
      | 'transport.host-unknown'
      | 'transport.bad-answer'
      | 'insi.unavailable'
      | 'insi.access-refused'
      | 'store.unavailable'
      | 'writer.fenced';
    receipt?: Receipt;
  }[];
  steps: {
    id: string;
    at: string;
    kind: string;
    actor: string;
    deliveryId?: string;
    details?: {
      [k: string]: unknown;
    };
  }[];
  /**
   * Liste fermée : un code s’ajoute, il ne change jamais de nom.
   */
  reason?:
    | 'event.malformed'
    | 'event.too-deep'
    | 'xml.doctype'
    | 'soap.invalid'
    | 'xml.signature-invalid'
    | 'vector.missing'
    | 'vector.invalid'
    | 'vector.replayed'
    | 'client.unauthenticated'
    | 'client.foreign'
    | 'client.expired'
    | 'client.revoked'
    | 'client.wrong-purpose'
    | 'person.unauthenticated'
    | 'person.means-too-weak'
    | 'source.mismatch'
    | 'flow.not-allowed'
    | 'role.not-allowed'
    | 'delegation.missing'
    | 'part.not-separable'
    | 'not-found'
    | 'body.stalled'
    | 'message.id-reused'
    | 'message.resend-needed'
    | 'state.conflict'
    | 'body.too-large'
    | 'batch.too-large'
    | 'media-type.unsupported'
    | 'flow.unknown'
    | 'recipient.unknown'
    | 'content.invalid'
    | 'content.active'
    | 'message.expired'
    | 'message.too-old'
    | 'jwe.invalid'
    | 'jwe.wrong-kid'
    | 'xml.encryption-invalid'
    | 'mail.envelope-invalid'
    | 'mail.malformed'
    | 'xdm.invalid'
    | 'acknowledgement.invalid'
    | 'mail.header-invalid'
    | 'mail.patient-not-allowed'
    | 'identity.invalid'
    | 'identity.in-doubt'
    | 'anonymity.k-too-low'
    | 'gate.non-opposition-missing'
    | 'gate.information-missing'
    | 'gate.consent-missing'
    | 'gate.opposition-list-missing'
    | 'gate.campaign-closed'
    | 'gate.out-of-sample'
    | 'gate.not-competent'
    | 'gate.identity-status'
    | 'gate.feature-off'
    | 'exchange.unknown'
    | 'exchange.closed'
    | 'rate.exceeded'
    | 'insi.call-limit'
    | 'internal'
    | 'configuration.invalid'
    | 'mandate.missing'
    | 'recipient.key-invalid'
    | 'mail.access-refused'
    | 'mail.session-needed'
    | 'mail.discovery-failed'
    | 'mail.host-refused'
    | 'mail.tls-refused'
    | 'mail.server-untrusted'
    | 'transport.unreachable'
    | 'transport.refused'
    | 'transport.host-unknown'
    | 'transport.bad-answer'
    | 'insi.unavailable'
    | 'insi.access-refused'
    | 'store.unavailable'
    | 'writer.fenced';
}
export interface ReplayReport {
  dryRun: boolean;
  /**
   * remises mortes du filtre
   */
  matched: number;
  /**
   * renvoyées telles que scellées
   */
  asSealed: number;
  /**
   * scellées de nouveau : le destinataire a changé de clé
   */
  resealed: number;
  /**
   * ne peuvent pas l’être, chacune avec son code
   */
  refused: number;
  /**
   * les 500 premières
   */
  deliveries: ReplayedDelivery[];
  /**
   * il en reste : redemander
   */
  more: boolean;
}
export interface ReplayedDelivery {
  id: string;
  messageId: string;
  flow: string;
  /**
   * partenaire
   */
  recipient: string;
  /**
   * essais faits
   */
  attempts: number;
  createdAt: string;
  /**
   * au-delà, plus de rejeu
   */
  expiresAt: string;
  /**
   * Comment.
   *
   * - `as-sealed` : telle que scellée
   * - `re-sealed` : scellée de nouveau, pour la clé d’aujourd’hui
   * - `no` : non, voir `code`
   */
  replay: 'as-sealed' | 're-sealed' | 'no';
  /**
   * Liste fermée : un code s’ajoute, il ne change jamais de nom.
   */
  lastError?:
    | 'event.malformed'
    | 'event.too-deep'
    | 'xml.doctype'
    | 'soap.invalid'
    | 'xml.signature-invalid'
    | 'vector.missing'
    | 'vector.invalid'
    | 'vector.replayed'
    | 'client.unauthenticated'
    | 'client.foreign'
    | 'client.expired'
    | 'client.revoked'
    | 'client.wrong-purpose'
    | 'person.unauthenticated'
    | 'person.means-too-weak'
    | 'source.mismatch'
    | 'flow.not-allowed'
    | 'role.not-allowed'
    | 'delegation.missing'
    | 'part.not-separable'
    | 'not-found'
    | 'body.stalled'
    | 'message.id-reused'
    | 'message.resend-needed'
    | 'state.conflict'
    | 'body.too-large'
    | 'batch.too-large'
    | 'media-type.unsupported'
    | 'flow.unknown'
    | 'recipient.unknown'
    | 'content.invalid'
    | 'content.active'
    | 'message.expired'
    | 'message.too-old'
    | 'jwe.invalid'
    | 'jwe.wrong-kid'
    | 'xml.encryption-invalid'
    | 'mail.envelope-invalid'
    | 'mail.malformed'
    | 'xdm.invalid'
    | 'acknowledgement.invalid'
    | 'mail.header-invalid'
    | 'mail.patient-not-allowed'
    | 'identity.invalid'
    | 'identity.in-doubt'
    | 'anonymity.k-too-low'
    | 'gate.non-opposition-missing'
    | 'gate.information-missing'
    | 'gate.consent-missing'
    | 'gate.opposition-list-missing'
    | 'gate.campaign-closed'
    | 'gate.out-of-sample'
    | 'gate.not-competent'
    | 'gate.identity-status'
    | 'gate.feature-off'
    | 'exchange.unknown'
    | 'exchange.closed'
    | 'rate.exceeded'
    | 'insi.call-limit'
    | 'internal'
    | 'configuration.invalid'
    | 'mandate.missing'
    | 'recipient.key-invalid'
    | 'mail.access-refused'
    | 'mail.session-needed'
    | 'mail.discovery-failed'
    | 'mail.host-refused'
    | 'mail.tls-refused'
    | 'mail.server-untrusted'
    | 'transport.unreachable'
    | 'transport.refused'
    | 'transport.host-unknown'
    | 'transport.bad-answer'
    | 'insi.unavailable'
    | 'insi.access-refused'
    | 'store.unavailable'
    | 'writer.fenced';
  /**
   * Liste fermée : un code s’ajoute, il ne change jamais de nom.
   */
  code?:
    | 'event.malformed'
    | 'event.too-deep'
    | 'xml.doctype'
    | 'soap.invalid'
    | 'xml.signature-invalid'
    | 'vector.missing'
    | 'vector.invalid'
    | 'vector.replayed'
    | 'client.unauthenticated'
    | 'client.foreign'
    | 'client.expired'
    | 'client.revoked'
    | 'client.wrong-purpose'
    | 'person.unauthenticated'
    | 'person.means-too-weak'
    | 'source.mismatch'
    | 'flow.not-allowed'
    | 'role.not-allowed'
    | 'delegation.missing'
    | 'part.not-separable'
    | 'not-found'
    | 'body.stalled'
    | 'message.id-reused'
    | 'message.resend-needed'
    | 'state.conflict'
    | 'body.too-large'
    | 'batch.too-large'
    | 'media-type.unsupported'
    | 'flow.unknown'
    | 'recipient.unknown'
    | 'content.invalid'
    | 'content.active'
    | 'message.expired'
    | 'message.too-old'
    | 'jwe.invalid'
    | 'jwe.wrong-kid'
    | 'xml.encryption-invalid'
    | 'mail.envelope-invalid'
    | 'mail.malformed'
    | 'xdm.invalid'
    | 'acknowledgement.invalid'
    | 'mail.header-invalid'
    | 'mail.patient-not-allowed'
    | 'identity.invalid'
    | 'identity.in-doubt'
    | 'anonymity.k-too-low'
    | 'gate.non-opposition-missing'
    | 'gate.information-missing'
    | 'gate.consent-missing'
    | 'gate.opposition-list-missing'
    | 'gate.campaign-closed'
    | 'gate.out-of-sample'
    | 'gate.not-competent'
    | 'gate.identity-status'
    | 'gate.feature-off'
    | 'exchange.unknown'
    | 'exchange.closed'
    | 'rate.exceeded'
    | 'insi.call-limit'
    | 'internal'
    | 'configuration.invalid'
    | 'mandate.missing'
    | 'recipient.key-invalid'
    | 'mail.access-refused'
    | 'mail.session-needed'
    | 'mail.discovery-failed'
    | 'mail.host-refused'
    | 'mail.tls-refused'
    | 'mail.server-untrusted'
    | 'transport.unreachable'
    | 'transport.refused'
    | 'transport.host-unknown'
    | 'transport.bad-answer'
    | 'insi.unavailable'
    | 'insi.access-refused'
    | 'store.unavailable'
    | 'writer.fenced';
  /**
   * quand elle part
   */
  runAt?: string;
}
export interface OwnPublication {
  id: string;
  service: {
    /**
     * partenaire
     */
    id: string;
    name: string;
  };
  topic: 'worker-view';
  publishedAt: string;
  /**
   * faux : trop ancien pour être ouvert ici
   */
  kept: boolean;
  /**
   * lu pour la première fois
   */
  openedAt?: string;
}
export interface OwnView {
  schemaVersion: string;
  person: Person;
  service: Service;
  convocations: Convocations;
  documents: {
    id: string;
    type: 'ATTS' | 'APTI' | 'AMEN' | 'INAP' | 'ANCI' | 'EXPO';
    date: string;
    title: string;
    mime: string;
    /**
     * du PDF
     */
    sha256: string;
    /**
     * du PDF
     */
    bytes: number;
    validUntil?: string;
  }[];
  exposures: Exposures;
  vaccinations: Vaccinations;
  accessLog: AccessLog;
  copyRequest?: CopyRequest;
  followUp?: FollowUp;
}
export interface Person {
  traits: {
    birthName: string;
    /**
     * prénoms de naissance, le premier d’abord
     *
     * @minItems 1
     * @maxItems 20
     */
    firstNames: string[];
    sex: 'M' | 'F' | 'I';
    birthDate: string;
    /**
     * code officiel géographique, jamais corrigé
     */
    birthPlace?: string;
    usedName?: string;
    usedFirstName?: string;
  };
  /**
   * seulement si qualifiée
   */
  ins?: {
    value: string;
    key: string;
    oid: '1.2.250.1.213.1.4.8' | '1.2.250.1.213.1.4.9' | '1.2.250.1.213.1.4.10' | '1.2.250.1.213.1.4.11';
  };
  /**
   * à l’envoi, la parole de l’émetteur ; à la remise, ce que Relais a vérifié
   */
  identityStatus: 'PROV' | 'RECUP' | 'VALI' | 'QUAL';
  /**
   * justificatif vu par une personne (codes FR Core) ; n’est pas transmis
   */
  evidenceSeen?: 'AN' | 'CC' | 'CE' | 'CM' | 'CN' | 'CS' | 'LE' | 'PA' | 'PC' | 'TC' | 'DC' | 'AC' | 'IE';
}
/**
 * qui suit la personne, et comment le joindre
 */
export interface Service {
  siret: string;
  /**
   * une ligne de texte
   */
  name: string;
  phone?: string;
  email?: string;
  doctor?: string;
}
/**
 * la demande de copie à laquelle cette vue répond
 */
export interface CopyRequest {
  requestedAt: string;
  reference?: string;
}
export interface FollowUp {
  category: 'SI' | 'SIA' | 'SIR';
  nextVisitDue?: string;
}
export interface OwnAccesses {
  atServices: {
    service: {
      /**
       * partenaire
       */
      id: string;
      name: string;
    };
    publishedAt: string;
    lines: AccessLog;
  }[];
  here: {
    at: string;
    /**
     * `view`, ou `document` et son rang
     */
    part: string;
  }[];
}
export interface OwnCopyRequest {
  id: string;
  service: {
    /**
     * partenaire
     */
    id: string;
    name: string;
  };
  requestedAt: string;
  /**
   * Où elle en est.
   *
   * - `sent` : envoyée
   * - `received` : reçue par le service
   * - `answered` : le service a répondu
   * - `refused` : le service n’y donne pas suite
   * - `ended` : terminée sans réponse
   */
  state: 'sent' | 'received' | 'answered' | 'refused' | 'ended';
  /**
   * la même chose, en une phrase
   */
  says: string;
  /**
   * à citer au service
   */
  number?: string;
  /**
   * le service répond au plus tard
   */
  dueAt?: string;
  overdue?: boolean;
  refusal?: {
    code: string;
    says: string;
  };
  /**
   * la vue qui y répond
   */
  view?: string;
}
export interface EmployerCard {
  id: string;
  service: {
    /**
     * partenaire
     */
    id: string;
    name: string;
  };
  /**
   * Quoi.
   *
   * - `output` : un avis ou une attestation, d’une personne
   * - `recommendations` : ce que le médecin préconise, d’une personne
   * - `establishment` : effectif, convocations, documents, factures
   */
  topic: 'output' | 'recommendations' | 'establishment';
  publishedAt: string;
  /**
   * faux : trop ancien pour être ouvert ici
   */
  kept: boolean;
  /**
   * lu pour la première fois
   */
  openedAt?: string;
}
export interface EmployerPublication {
  id: string;
  service: {
    /**
     * partenaire
     */
    id: string;
    name: string;
  };
  /**
   * Quoi.
   *
   * - `output` : un avis ou une attestation, d’une personne
   * - `recommendations` : ce que le médecin préconise, d’une personne
   * - `establishment` : effectif, convocations, documents, factures
   */
  topic: 'output' | 'recommendations' | 'establishment';
  publishedAt: string;
  /**
   * faux : trop ancien pour être ouvert ici
   */
  kept: boolean;
  view: CeQuUnEmployeurVoit;
  /**
   * lu pour la première fois
   */
  openedAt?: string;
}
export interface Output {
  /**
   * jamais ANCI, que le travailleur seul reçoit
   */
  type: 'ATTS' | 'APTI' | 'INAP' | 'AMEN';
  worker: Worker;
  jobTitle: string;
  visit: {
    date: string;
    /**
     * jamais la préreprise
     */
    type:
      | 'VIPI'
      | 'VIPP'
      | 'EMAE'
      | 'EMAP'
      | 'VINT'
      | 'VREP'
      | 'VDEM-S'
      | 'VDEM-E'
      | 'VDEM-M'
      | 'VMIC'
      | 'VPEX'
      | 'VFIN';
  };
  professional: Professional;
  document: File;
  nextVisitBy?: string;
  sirTriggers?: SirTriggers;
  /**
   * @maxItems 20
   */
  measures?: string[];
  unfitness?: {
    postStudiedOn: string;
    conditionsStudiedOn: string;
    employerHeardOn: string;
    companyFileUpdatedOn: string;
    /**
     * dispense de reclassement
     */
    exemption: 'AUCUNE' | 'MAINTIEN-PREJUDICIABLE' | 'TOUT-EMPLOI';
  };
  /**
   * recours devant le conseil de prud’hommes
   */
  appealDays?: 15;
}
export interface Worker {
  birthName: string;
  /**
   * @minItems 1
   * @maxItems 20
   */
  firstNames: string[];
  birthDate: string;
  usedName?: string;
}
export interface Professional {
  name: string;
  role: 'MT' | 'COLLABORATEUR' | 'INTERNE' | 'MPC' | 'IDEST';
}
export interface File {
  id: string;
  sha256: string;
  pages: number;
}
export interface Recommendations {
  worker: Worker;
  jobTitle: string;
  /**
   * @minItems 1
   * @maxItems 20
   */
  measures: string[];
  professional: Professional;
  date: string;
}
export interface Establishment {
  followedWorkers: number;
  /**
   * @maxItems 5000
   */
  staff: {
    worker: Worker;
    jobTitle: string;
    category: 'SI' | 'SIA' | 'SIR';
    pcsCode?: string;
    pcsVersion?: 'PCS-ESE-2003' | 'PCS-ESE-2017' | 'PCS-2020';
    sirTriggers?: SirTriggers;
    nextVisitBy?: string;
  }[];
  /**
   * @maxItems 5000
   */
  appointments: {
    worker: Worker;
    startsAt: string;
    /**
     * ni préreprise, ni visite que le travailleur demande
     */
    type:
      'VIPI' | 'VIPP' | 'EMAE' | 'EMAP' | 'VINT' | 'VREP' | 'VDEM-E' | 'VDEM-M' | 'VMIC' | 'VPEX' | 'VFIN';
    place: string;
  }[];
  /**
   * @maxItems 500
   */
  documents: {
    kind: 'FE' | 'AMT';
    title: string;
    date: string;
    version: number;
    file: File;
  }[];
  /**
   * @maxItems 500
   */
  invoices: {
    number: string;
    date: string;
    dueDate: string;
    amountCents: number;
    status: 'EMISE' | 'PAYEE' | 'EN-RETARD';
  }[];
  statistics?: {
    year: number;
    outputs: {
      ATTS: BySex;
      APTI: BySex;
      INAP: BySex;
      AMEN: BySex;
      total: BySex;
    };
  };
}
export interface BySex {
  /**
   * effectif ; `<11` : de 1 à 10 ; `secret` : masqué parce qu’il en livrerait un autre
   */
  women: number | ('<11' | 'secret');
  /**
   * effectif ; `<11` : de 1 à 10 ; `secret` : masqué parce qu’il en livrerait un autre
   */
  men: number | ('<11' | 'secret');
  /**
   * effectif ; `<11` : de 1 à 10 ; `secret` : masqué parce qu’il en livrerait un autre
   */
  total: number | ('<11' | 'secret');
}
export interface DeclarationCheck {
  lines: {
    /**
     * à partir de 1
     */
    line: number;
    findings: {
      pointer: string;
      code: string;
      detail: string;
    }[];
  }[];
  others: {
    pointer: string;
    code: string;
    detail: string;
  }[];
}
export interface OwnDeclaration {
  id: string;
  service: {
    /**
     * partenaire
     */
    id: string;
    name: string;
  };
  requestedAt: string;
  /**
   * Où elle en est.
   *
   * - `sent` : envoyée
   * - `received` : reçue par le service
   * - `answered` : le service a répondu
   * - `refused` : le service n’y donne pas suite
   * - `ended` : terminée sans réponse
   */
  state: 'sent' | 'received' | 'answered' | 'refused' | 'ended';
  /**
   * la même chose, en une phrase
   */
  says: string;
  /**
   * à citer au service
   */
  number?: string;
  /**
   * le service répond au plus tard
   */
  dueAt?: string;
  overdue?: boolean;
  refusal?: {
    code: string;
    says: string;
  };
  lines?: {
    /**
     * à partir de 1
     */
    line: number;
    accepted: boolean;
    code: string;
    says: string;
  }[];
}
export interface Delegation {
  id: string;
  /**
   * service
   */
  partner: string;
  physicianRpps: string;
  /**
   * référence de la personne
   */
  delegate: string;
  /**
   * incluse
   */
  from: string;
  /**
   * exclue
   */
  to: string;
  recordedBy: string;
  recordedAt: string;
  physician?: string;
}
export interface FlowCard {
  flow: string;
  title: string;
  version: string;
  /**
   * du contrat et de ses schémas, en JSON canonique (RFC 8785)
   */
  hash: string;
  objects: {
    object: string;
    title: string;
    /**
     * version majeure
     */
    major: number;
    /**
     * `type` du CloudEvent
     */
    type: string;
    /**
     * nature de ceux qui l’envoient ; vide : Relais lui-même
     */
    senders: string[];
    /**
     * nature de ceux qui le reçoivent
     */
    recipients: string[];
    mediaTypes: string[];
  }[];
}
export interface FlowDetail {
  flow: string;
  title: string;
  version: string;
  /**
   * du contrat et de ses schémas, en JSON canonique (RFC 8785)
   */
  hash: string;
  objects: {
    object: string;
    title: string;
    /**
     * version majeure
     */
    major: number;
    /**
     * `type` du CloudEvent
     */
    type: string;
    /**
     * nature de ceux qui l’envoient ; vide : Relais lui-même
     */
    senders: string[];
    /**
     * nature de ceux qui le reçoivent
     */
    recipients: string[];
    mediaTypes: string[];
  }[];
  /**
   * données seules ; `docs/flows` en donne la lecture
   */
  contract: {
    [k: string]: unknown;
  };
  /**
   * JSON Schema 2020-12, sous le nom que le contrat leur donne
   */
  schemas: {
    [k: string]: {
      [k: string]: unknown;
    };
  };
  /**
   * exemples valides, fictifs : nom de fichier → contenu
   */
  samples: {
    [k: string]: unknown;
  };
}
export interface CheckVerdict {
  flow: string;
  object: string;
  valid: boolean;
  findings: Finding[];
}
