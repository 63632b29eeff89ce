/**
 * The closed list of codes and the one exception.
 *
 * Expected outcomes are values (Finding, IdentityVerdict, Receipt); a surprise is a BrokerError whose
 * `next` says what must happen now. Codes are part of the public interface: add, never rename.
 */
export type Next = 'reject' | 'retry' | 'hold' | 'stop';

/** code → [HTTP status, French title shown to people]. The table in docs/errors.md is generated from here. */
export const ERROR_CODES = {
  'event.malformed': [400, 'Événement illisible'],
  'event.too-deep': [400, 'Structure trop profonde'],
  'xml.doctype': [400, 'DOCTYPE ou entité XML refusés'],
  'soap.invalid': [400, 'Message SOAP non conforme au service'],
  'xml.signature-invalid': [401, 'Signature XML refusée'],
  'vector.missing': [401, 'Vecteur d’identification absent'],
  'vector.invalid': [401, 'Vecteur d’identification refusé'],
  'vector.replayed': [401, 'Vecteur d’identification déjà présenté'],
  'client.unauthenticated': [401, 'Authentification requise'],
  'client.foreign': [401, 'Certificat étranger au réseau'],
  'client.expired': [401, 'Certificat expiré'],
  'client.revoked': [401, 'Certificat révoqué'],
  'client.wrong-purpose': [401, 'Certificat d’un autre usage'],
  'person.unauthenticated': [401, 'Connexion requise'],
  'person.means-too-weak': [401, 'Moyen d’identification insuffisant'],
  'source.mismatch': [403, 'La source ne correspond pas au certificat'],
  'flow.not-allowed': [403, 'Flux non autorisé pour ce partenaire'],
  'role.not-allowed': [403, 'Rôle non autorisé'],
  'pages.not-open': [403, 'Ce service n’a pas ses pages chez Relais'],
  'delegation.missing': [403, 'Aucune délégation en cours'],
  'part.not-separable': [403, 'Document non séparable'],
  'not-found': [404, 'Introuvable'],
  'body.stalled': [408, 'Envoi interrompu'],
  'message.id-reused': [409, 'Identifiant déjà employé pour un autre message'],
  'message.resend-needed': [409, 'Nouvel envoi nécessaire'],
  'state.conflict': [409, 'Action impossible dans cet état'],
  'body.too-large': [413, 'Message trop volumineux'],
  'batch.too-large': [413, 'Lot trop volumineux'],
  'media-type.unsupported': [415, 'Format non pris en charge'],
  'flow.unknown': [422, 'Flux inconnu'],
  'recipient.unknown': [422, 'Destinataire inconnu'],
  'content.invalid': [422, 'Contenu non conforme au contrat'],
  'content.active': [422, 'Document à contenu actif refusé'],
  'message.expired': [422, 'Message expiré'],
  'message.too-old': [422, 'Message trop ancien'],
  'jwe.invalid': [422, 'Chiffrement invalide'],
  'jwe.wrong-kid': [422, 'Clé de chiffrement inattendue'],
  'xml.encryption-invalid': [422, 'Chiffrement XML invalide'],
  'mail.envelope-invalid': [422, 'Enveloppe S/MIME invalide'],
  'mail.malformed': [422, 'Courriel illisible ou refusé'],
  'xdm.invalid': [422, 'Archive IHE_XDM refusée'],
  'acknowledgement.invalid': [422, 'Fichier d’accusé refusé'],
  'mail.header-invalid': [422, 'En-tête de courriel refusé'],
  'mail.patient-not-allowed': [422, 'Messagerie de la personne non permise pour cet envoi'],
  'identity.invalid': [422, 'Identité invalide'],
  'identity.in-doubt': [422, 'Identité à vérifier'],
  'anonymity.k-too-low': [422, 'Effectif trop faible pour anonymiser'],
  'gate.non-opposition-missing': [422, 'Information ou non-opposition non enregistrée'],
  'gate.information-missing': [422, 'Information de la personne non enregistrée'],
  'gate.consent-missing': [422, 'Accord de la personne non enregistré'],
  'gate.opposition-list-missing': [422, 'Liste d’opposition non appliquée'],
  'gate.campaign-closed': [422, 'Campagne fermée'],
  'gate.out-of-sample': [422, 'Hors de l’échantillon'],
  'gate.not-competent': [422, 'Signataire non habilité'],
  'gate.identity-status': [422, 'Statut d’identité insuffisant'],
  'gate.feature-off': [422, 'Flux non ouvert sur cette installation'],
  'exchange.unknown': [422, 'Échange inconnu'],
  'exchange.closed': [422, 'Échange clos'],
  'rate.exceeded': [429, 'Trop de demandes'],
  'insi.call-limit': [429, 'Trop d’appels INSi pour cette personne'],
  internal: [500, 'Erreur interne'],
  'configuration.invalid': [500, 'Configuration invalide'],
  'mandate.missing': [500, 'Aucun mandat en cours de validité pour cette action'],
  'recipient.key-invalid': [500, 'Certificat de chiffrement du destinataire invalide'],
  'mail.access-refused': [502, 'Boîte MSSanté refusée par son opérateur'],
  'mail.session-needed': [503, 'Session Pro Santé Connect nécessaire pour cette boîte'],
  'mail.discovery-failed': [502, 'Serveurs MSSanté introuvables pour ce domaine'],
  'mail.host-refused': [502, 'Adresse de serveur MSSanté refusée'],
  'mail.tls-refused': [502, 'Connexion chiffrée impossible avec l’opérateur MSSanté'],
  'mail.server-untrusted': [502, 'Certificat de l’opérateur MSSanté refusé'],
  'transport.unreachable': [502, 'Destinataire injoignable'],
  'transport.refused': [502, 'Refusé par le destinataire'],
  'transport.host-unknown': [502, 'Clé du serveur inconnue'],
  'transport.bad-answer': [502, 'Réponse incompréhensible du destinataire'],
  'insi.unavailable': [503, 'Téléservice INSi indisponible'],
  'insi.access-refused': [503, 'Accès au téléservice INSi refusé'],
  'store.unavailable': [503, 'Enregistrement impossible pour le moment'],
  'writer.fenced': [503, 'Travail repris par un autre processus'],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** One thing wrong at one place of a message. `detail` is French and never repeats the value found. */
export interface Finding {
  /** RFC 6901 pointer into the content, '' for the whole */
  pointer: string;
  /** a rule's own code, e.g. `schema.required`, `dmst.sir-without-trigger` */
  code: string;
  detail: string;
}

export interface BrokerErrorOptions {
  next?: Next;
  detail?: string;
  findings?: readonly Finding[];
  /** seconds to wait before another try, where known */
  retryAfter?: number;
  /** ids of what was made fresh for the try that failed (an assertion), for the journal */
  facts?: Readonly<Record<string, string>>;
  cause?: unknown;
}

/** The only exception of the product. Its message is its code: it can be logged anywhere. */
export class BrokerError extends Error {
  readonly code: ErrorCode;
  readonly next: Next;
  /** French, for people; never content nor identity traits */
  readonly detail: string | undefined;
  readonly findings: readonly Finding[];
  readonly retryAfter: number | undefined;
  readonly facts: Readonly<Record<string, string>>;
  /** journal entry that tells of this refusal, once there is one: a refusal is journalled once */
  recordedAs?: string;

  constructor(code: ErrorCode, options: BrokerErrorOptions = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'BrokerError';
    this.code = code;
    this.next = options.next ?? defaultNext(code);
    this.detail = options.detail;
    this.findings = options.findings ?? [];
    this.retryAfter = options.retryAfter;
    this.facts = options.facts ?? {};
  }

  get status(): number {
    return ERROR_CODES[this.code][0];
  }

  get title(): string {
    return ERROR_CODES[this.code][1];
  }
}

function defaultNext(code: ErrorCode): Next {
  const status = ERROR_CODES[code][0];
  if (status === 500) return 'stop';
  return status > 500 || status === 429 ? 'retry' : 'reject';
}

/** Anything thrown becomes a BrokerError; an unknown exception is `internal`, `stop`. */
export function asBrokerError(error: unknown): BrokerError {
  return error instanceof BrokerError ? error : new BrokerError('internal', { next: 'stop', cause: error });
}
