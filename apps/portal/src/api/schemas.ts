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
  HeldDecision: HeldDecision;
  HeldStatistics: HeldStatistics;
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
  Access: Access;
  Purge: Purge;
  Seal: Seal;
  Retention: Retention;
  PartnerOverview: PartnerOverview;
  PartnerAgreement: PartnerAgreement;
  IncomingSummary: IncomingSummary;
  IncomingRequest: IncomingRequest;
  Candidate: Candidate;
  Deposited: Deposited;
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
    | 'pages.not-open'
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
  /**
   * autres doutes de la liste qui éclairent celui-ci
   */
  alike: Likeness[];
  /**
   * laisser partir demande ici deux personnes
   */
  fourEyes: boolean;
  proposal?: HeldProposal;
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
export interface Likeness {
  /**
   * Rapprochement.
   *
   * - `collision` : même matricule, traits stricts différents : deux personnes sous un numéro
   * - `duplicate` : mêmes traits stricts, matricules différents ou absent : une personne deux fois
   */
  kind: 'collision' | 'duplicate';
  /**
   * le même pour tous les doutes rapprochés, dans cette réponse seulement
   */
  group: string;
  /**
   * Items: trait qui diffère
   */
  differing: string[];
}
export interface HeldProposal {
  verdict: 'release';
  /**
   * code de la pièce vue
   */
  evidence: string;
  /**
   * motif
   */
  reason: string;
  /**
   * pseudonyme
   */
  by: string;
  at: string;
}
export interface HeldDecision {
  id: string;
  verdict: 'release' | 'refuse';
  at: string;
  /**
   * Ce qui s’est passé.
   *
   * - `settled` : tranché
   * - `proposed` : proposé : une autre personne de la cellule doit confirmer
   */
  state: 'settled' | 'proposed';
}
export interface HeldStatistics {
  from: string;
  to: string;
  waiting: {
    messages: number;
    /**
     * depuis quand le plus ancien attend
     */
    oldest?: string;
  };
  settled: {
    messages: number;
    byVerdict: {
      /**
       * laissés partir
       */
      released: number;
      /**
       * refusés
       */
      refused: number;
      /**
       * échus sans décision
       */
      lapsed: number;
    };
    /**
     * par code de raison du doute ; un message peut en avoir plusieurs
     */
    byReason: {
      code: string;
      messages: number;
      /**
       * en mots
       */
      says?: string;
    }[];
    /**
     * par code de la pièce vue
     */
    byEvidence: {
      code: string;
      messages: number;
    }[];
    /**
     * par partenaire de l’autre côté : interrogé, auteur du dossier reçu, ou destinataire
     */
    byPartner: {
      code: string;
      messages: number;
      /**
       * son nom
       */
      says?: string;
    }[];
    /**
     * de ce qu’une personne a tranché
     */
    hours?: {
      /**
       * délai médian, en heures
       */
      median: number;
      /**
       * le plus long
       */
      longest: number;
    };
  };
  weeks: {
    /**
     * premier jour, à Paris
     */
    monday: string;
    /**
     * laissés partir
     */
    released: number;
    /**
     * refusés
     */
    refused: number;
    /**
     * échus sans décision
     */
    lapsed: number;
  }[];
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
    | 'pages.not-open'
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
      | 'pages.not-open'
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
    | 'pages.not-open'
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
    | 'pages.not-open'
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
    | 'pages.not-open'
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
export interface Access {
  /**
   * entrée du journal
   */
  id: string;
  at: string;
  /**
   * Ce qui a été fait.
   *
   * - `request-created` : demande créée au portail ou au nom d’une personne
   * - `request-sent` : demande envoyée par le logiciel du service
   * - `request-cancelled` : demande arrêtée
   * - `dossier-sent` : dossier transmis par le service
   * - `dossier-opened` : dossier ouvert
   * - `request-opened` : demande reçue lue au portail, avec les dossiers proposés
   * - `dossier-released` : dossier choisi pour la réponse par une personne du service
   * - `identity-proposed` : confirmation d’une identité proposée à un second de la cellule
   * - `identity-released` : identité confirmée par la cellule d’identitovigilance
   * - `identity-refused` : identité refusée par elle
   * - `register-read` : registre consulté
   * - `readings-read` : consultations du registre relues
   * - `purges-read` : liste de ce qui a été purgé consultée
   * - `worker-looked-up` : travailleur cherché dans ce registre
   * - `register-exported` : registre exporté
   * - `traces-exported` : traces INTEROPS exportées
   */
  what:
    | 'request-created'
    | 'request-sent'
    | 'request-cancelled'
    | 'dossier-sent'
    | 'dossier-opened'
    | 'request-opened'
    | 'dossier-released'
    | 'identity-proposed'
    | 'identity-released'
    | 'identity-refused'
    | 'register-read'
    | 'readings-read'
    | 'purges-read'
    | 'worker-looked-up'
    | 'register-exported'
    | 'traces-exported';
  by: {
    /**
     * Par qui.
     *
     * - `person` : une personne du service
     * - `software` : le logiciel du service
     * - `service` : un autre service
     * - `relais` : Relais
     */
    kind: 'person' | 'software' | 'service' | 'relais';
    /**
     * d’une personne du service
     */
    pseudonym?: string;
    role?: string;
    /**
     * délégation par laquelle elle agissait
     */
    delegation?: string;
    /**
     * service, ou autre service
     */
    partner?: string;
    /**
     * son nom
     */
    partnerName?: string;
  };
  /**
   * pseudonyme du travailleur pour ce service ; absent quand Relais ne pouvait le dire
   */
  worker?: string;
  /**
   * ce qui a été ouvert
   */
  part?: 'A' | 'AH';
  request?: string;
  /**
   * services interrogés : identifiants séparés par un espace
   */
  sources?: string;
  /**
   * leurs noms, dans cet ordre
   */
  sourceNames?: string[];
  /**
   * finalité, telle que la demande la porte
   */
  purpose?: string;
  /**
   * motif d’arrêt, ou code du justificatif vu
   */
  reason?: string;
  messageId?: string;
}
export interface Purge {
  /**
   * entrée du journal
   */
  id: string;
  at: string;
  /**
   * Ce qui est parti.
   *
   * - `copy` : copie scellée pour le service
   * - `asked-about` : identité des travailleurs de demandes closes
   */
  what: 'copy' | 'asked-about';
  count: number;
  flow?: string;
  messageId?: string;
}
export interface Seal {
  /**
   * numéro
   */
  n: number;
  at: string;
  /**
   * entrées scellées
   */
  size: number;
  /**
   * racine de leur arbre (RFC 6962)
   */
  root: string;
  /**
   * clé de signature
   */
  kid: string;
  /**
   * le sceau lui-même
   */
  jws: string;
}
export interface Retention {
  at: string;
  shares: RetainedShare[];
  rules: RetentionRules;
}
export interface RetainedShare {
  flow: string;
  /**
   * Quoi.
   *
   * - `original` : contenus en cours
   * - `sealed` : copies scellées pour leurs destinataires
   * - `id` : lignes qui font reconnaître un message déjà reçu
   * - `asked-about` : personnes dont le dossier a été demandé
   * - `candidate` : dossiers proposés pour une demande, pas encore choisis
   */
  what: 'original' | 'sealed' | 'id' | 'asked-about' | 'candidate';
  total: RetainedAmount;
  /**
   * parti d’ici 7, 30 et 90 jours, chacun comptant ceux d’avant
   */
  within: {
    '7': RetainedAmount;
    '30': RetainedAmount;
    '90': RetainedAmount;
  };
  /**
   * quand le dernier part
   */
  last: string;
}
export interface RetainedAmount {
  count: number;
  /**
   * octets au repos
   */
  bytes: number;
}
export interface RetentionRules {
  contracts: {
    flow: string;
    title: string;
    objects: {
      title: string;
      /**
       * du contenu, tant qu’il est en chemin
       */
      lifeDays: number;
      /**
       * Accusé avec lequel la copie scellée part.
       *
       * - `received` : reçu
       * - `opened` : ouvert
       * - `filed` : versé au dossier
       */
      sealedUntil: 'received' | 'opened' | 'filed';
      /**
       * jours après lesquels elle part sans lui
       */
      sealedDays: number;
    }[];
  }[];
  /**
   * jours pendant lesquels un message déjà reçu est reconnu
   */
  keyMemoryDays: number;
  /**
   * jours des copies que le portail ouvre, et de qui a été demandé
   */
  portalDays: number;
  /**
   * mois du journal ; 0 : toujours
   */
  journalMonths: number;
}
export interface PartnerOverview {
  id: string;
  /**
   * Nature.
   *
   * - `spsti` : service de prévention et de santé au travail interentreprises
   * - `insi` : téléservice INSi
   * - `hdh` : Health Data Hub
   * - `esms` : établissement ou service médico-social
   * - `dmp` : DMP
   * - `dares` : DARES
   * - `dgafp` : DGAFP
   * - `spf` : Santé publique France
   * - `gis-evrest` : GIS Evrest
   * - `cnam` : CNAM
   * - `cnam-medical` : service médical de la CNAM
   * - `portal` : portail
   * - `dgt` : DGT
   * - `internal` : logiciel interne d’un service
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
   * son logiciel peut se connecter
   */
  connects: boolean;
  /**
   * qu’il peut envoyer
   */
  flows: string[];
  transport:
    | 'https'
    | 'mailbox'
    | 'amqp'
    | 'insi'
    | 'portal'
    | 'fhir'
    | 'mssante'
    | 'xds-b'
    | 'mhd'
    | 'interops-soap'
    | 'sftp';
  channels: ('mssante' | 'xds-b' | 'mhd' | 'interops-soap' | 'sftp')[];
  ends?: Ending;
}
/**
 * ce qui finit en premier
 */
export interface Ending {
  /**
   * usage, comme dans `WatchedCertificate`
   */
  use: string;
  until: string;
  /**
   * jours entiers restants
   */
  days: number;
}
export interface PartnerAgreement {
  id: string;
  /**
   * Nature.
   *
   * - `spsti` : service de prévention et de santé au travail interentreprises
   * - `insi` : téléservice INSi
   * - `hdh` : Health Data Hub
   * - `esms` : établissement ou service médico-social
   * - `dmp` : DMP
   * - `dares` : DARES
   * - `dgafp` : DGAFP
   * - `spf` : Santé publique France
   * - `gis-evrest` : GIS Evrest
   * - `cnam` : CNAM
   * - `cnam-medical` : service médical de la CNAM
   * - `portal` : portail
   * - `dgt` : DGT
   * - `internal` : logiciel interne d’un service
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
   * son logiciel peut se connecter
   */
  connects: boolean;
  transport:
    | 'https'
    | 'mailbox'
    | 'amqp'
    | 'insi'
    | 'portal'
    | 'fhir'
    | 'mssante'
    | 'xds-b'
    | 'mhd'
    | 'interops-soap'
    | 'sftp';
  /**
   * d’après la convention et les contrats
   */
  sends: {
    flow: string;
    title: string;
    /**
     * Items: titre
     */
    objects: string[];
  }[];
  /**
   * d’après les contrats
   */
  receives: {
    flow: string;
    title: string;
    /**
     * Items: titre
     */
    objects: string[];
  }[];
  /**
   * la plus récente d’abord
   */
  keys: {
    /**
     * le service, ou ses professionnels de santé
     */
    audience: 'enc' | 'enc-h';
    /**
     * empreinte du certificat
     */
    kid: string;
    until: string;
  }[];
  channels: {
    channel: 'mssante' | 'xds-b' | 'mhd' | 'interops-soap' | 'sftp';
    settings: {
      [k: string]: string;
    };
  }[];
  mandates: {
    mandate: 'insi' | 'mailbox' | 'seal' | 'dmp';
    from: string;
    to: string;
    settings: {
      [k: string]: string;
    };
  }[];
  limits: {
    /**
     * messages par minute
     */
    rate?: number;
    requestsAtOnce?: number;
    megabytesAtOnce?: number;
  };
  /**
   * le plus proche d’abord
   */
  certificates: Ending1[];
  siret?: string;
  client?: {
    /**
     * DN
     */
    issuer: string;
    /**
     * DN
     */
    subject: string;
  };
  /**
   * hôte où Relais lui remet
   */
  host?: string;
  staffIssuer?: {
    issuer: string;
    /**
     * niveau
     */
    acr: string;
    /**
     * repose sur un code à usage unique
     */
    oneTimeCode: boolean;
    /**
     * référence de son homologation
     */
    approved?: string;
  };
}
export interface Ending1 {
  /**
   * usage, comme dans `WatchedCertificate`
   */
  use: string;
  until: string;
  /**
   * jours entiers restants
   */
  days: number;
}
export interface IncomingSummary {
  id: string;
  /**
   * partenaire
   */
  requester: string;
  requesterName: string;
  /**
   * quand elle a été faite
   */
  openedAt: string;
  acknowledgeBy: string;
  /**
   * quand la réponse est attendue
   */
  deadline: string;
  /**
   * après, elle est close
   */
  expiresAt: string;
  overdue: boolean;
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
  /**
   * elle attend sa réponse
   */
  isOpen: boolean;
  /**
   * combien de dossiers sont proposés
   */
  candidates: number;
  /**
   * un dossier est parti
   */
  released: boolean;
}
export interface IncomingRequest {
  id: string;
  /**
   * partenaire
   */
  requester: string;
  requesterName: string;
  /**
   * quand elle a été faite
   */
  openedAt: string;
  acknowledgeBy: string;
  /**
   * quand la réponse est attendue
   */
  deadline: string;
  /**
   * après, elle est close
   */
  expiresAt: string;
  overdue: boolean;
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
  /**
   * elle attend sa réponse
   */
  isOpen: boolean;
  /**
   * combien de dossiers sont proposés
   */
  candidates: number;
  /**
   * un dossier est parti
   */
  released: boolean;
  /**
   * cette personne peut joindre un dossier
   */
  mayPropose: boolean;
  /**
   * et en transmettre un
   */
  mayRelease: boolean;
  /**
   * et refuser
   */
  mayRefuse: boolean;
  /**
   * la visite la plus récente d’abord
   */
  proposed: Candidate[];
  /**
   * tant qu’elle attend sa réponse
   */
  request?: {
    requester: {
      /**
       * code de l’exercice
       */
      role: string;
      name: string;
      rpps?: string;
    };
    worker: NamedIdentity3;
    identityStatus: 'PROV' | 'RECUP' | 'VALI' | 'QUAL';
    purpose: 'CONTINUITE' | 'PDP';
    /**
     * quand le travailleur a été informé
     */
    informedAt?: string;
    /**
     * qui a recueilli sa non-opposition
     */
    recordedBy?: string;
  };
  /**
   * une fois donnée
   */
  answer?: {
    kind: 'response' | 'refusal';
    at: string;
    /**
     * Qui l’a fait.
     *
     * - `you` : cette personne
     * - `colleague` : quelqu’un d’autre du service
     * - `software` : le logiciel du service
     */
    by: 'you' | 'colleague' | 'software';
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
    /**
     * par le demandeur
     */
    receivedAt?: string;
    /**
     * par le demandeur
     */
    openedAt?: string;
    /**
     * tel que le demandeur le lit
     */
    refusal?: string;
  };
}
export interface Candidate {
  id: string;
  depositedAt: string;
  /**
   * Qui l’a fait.
   *
   * - `you` : cette personne
   * - `colleague` : quelqu’un d’autre du service
   * - `software` : le logiciel du service
   */
  depositedBy: 'you' | 'colleague' | 'software';
  /**
   * l’identité n’est pas sûre par elle-même
   */
  needsConfirmation: boolean;
  /**
   * comment le service le nomme
   */
  label?: string;
  /**
   * le travailleur s’y oppose (pour les professionnels de santé)
   */
  opposition?: boolean;
  mediaType?: string;
  /**
   * octets
   */
  size?: number;
  /**
   * pour les professionnels de santé
   */
  lastVisit?: string;
  named?: NamedIdentity2;
  compared?: {
    trait: string;
    result: 'same' | 'different' | 'unknown';
  }[];
  differences?: IdentityDifference[];
}
/**
 * qui il nomme, s’il se lit
 */
export interface NamedIdentity2 {
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
 * le matricule n’y est que qualifié
 */
export interface NamedIdentity3 {
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
export interface Deposited {
  exchange: string;
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
  /**
   * combien de dossiers sont proposés
   */
  candidates: number;
  /**
   * parti aussitôt
   */
  released: boolean;
  /**
   * du dossier gardé
   */
  id?: string;
}
