import { ACCESS_TOKEN, AUDIENCE, GRANT, JWT, SCOPE } from '../../psc-exchange/exchange-request.ts';
import type { SessionFlow, SessionState } from '../../psc-sessions/psc-session.ts';
import { type Chapter, json } from '../operation.ts';
import { instant, oneOf, ref, sha256, shape, text, uuid, whole } from '../schema.ts';

const page = (says: string) => ({ says, content: { 'text/html': { type: 'string' } } });
const id = uuid('de la session');
const oauthRefusal = (says: string) => ({
  says,
  content: { ...json(ref('OauthProblem')), 'application/problem+json': ref('Problem') },
});

export const psc: Chapter = {
  tag: 'Sessions Pro Santé Connect',
  says: [
    'Pour un logiciel installé sur le poste, qui ne peut garder ni secret ni jeton de Pro Santé Connect (EXI PSC 22 et 23) :',
    'Relais tient la session et donne un jeton de passage opaque, lié au certificat du logiciel. Il ouvre les routes `/v1` du port',
    'des partenaires par `Authorization: Bearer`, et la boîte MSSanté du service. Guide : `docs/guides/psc.md`.',
  ].join('\n'),
  operations: {
    'POST /v1/psc/sessions': {
      summary: 'Demande une session',
      description:
        '`code` : ouvrir `authorizationUrl` dans le navigateur de la personne. `ciba` : la personne répond sur son téléphone ou par sa carte. Dans les deux cas le logiciel montre `code`, deux chiffres que la personne compare.',
      bodyExample: { flow: 'ciba', rpps: '99900000020', channel: 'MOBILE' },
      answers: { 201: { says: 'Demandée.', content: json(ref('PscSession')) } },
      problems: [
        'person.unauthenticated',
        'state.conflict',
        'gate.feature-off',
        'transport.unreachable',
        'transport.bad-answer',
      ],
    },
    'GET /v1/psc/sessions/:id': {
      summary: 'Où en est une session',
      description:
        'Par le même certificat. La première réponse `open` porte `handle`, et elle seule : le garder en mémoire, jamais sur disque.',
      parameters: { 'path:id': id },
      answers: { 200: { says: 'La session.', content: json(ref('PscSession')) } },
      problems: ['not-found'],
    },
    'DELETE /v1/psc/sessions/:id': {
      summary: 'Ferme une session',
      description:
        'Ici seulement, ou, avec `psc=true`, aussi chez Pro Santé Connect : jetons révoqués, et `logoutUrl` à ouvrir dans le navigateur qui s’y était connecté.',
      parameters: { 'path:id': id, 'query:psc': { enum: ['true'] } },
      answers: {
        200: {
          says: 'Fermée.',
          content: json(
            shape(
              {
                psc: oneOf<'kept' | 'revoked' | 'not-revoked'>('Chez Pro Santé Connect.', {
                  kept: 'laissée ouverte',
                  revoked: 'jetons révoqués',
                  'not-revoked': 'révocation impossible : elle s’éteindra d’elle-même',
                }),
              },
              { logoutUrl: text('bonne une fois, cinq minutes') },
            ),
          ),
        },
      },
      problems: ['not-found'],
    },
    'POST /v1/psc/sessions/:id/mailbox': {
      summary: 'Laisse Relais ouvrir la boîte MSSanté du service, tant que dure la session',
      parameters: { 'path:id': id, 'header:authorization': text('`Bearer` et le `handle` de cette session') },
      answers: { 201: { says: 'La session.', content: json(ref('PscSession')) } },
      problems: ['person.unauthenticated', 'not-found', 'transport.unreachable'],
    },
    'GET /auth/card': {
      summary: 'Ouvre une session par carte de professionnel de santé (CPS)',
      description:
        'À ouvrir dans un navigateur qui présente le certificat de la carte. Une autorité de cartes doit être configurée ici.',
      answers: {
        303: { says: 'Session ouverte : vers le port des personnes.', headers: { Location: 'où aller' } },
      },
      problems: [
        'not-found',
        'client.unauthenticated',
        'client.foreign',
        'client.expired',
        'client.revoked',
        'client.wrong-purpose',
        'role.not-allowed',
      ],
    },
    'POST /oauth2/token': {
      summary: 'Échange un jeton Pro Santé Connect contre un jeton de Relais (RFC 8693)',
      description:
        'Le jeton présenté est vérifié par introspection et ne sert qu’une fois. Celui qui revient est opaque, lié au certificat (RFC 8705), comparé à chaque appel. `client_id` : votre identifiant de partenaire. `actor_token` : JWT signé par la clé du certificat (`lps_nom`, `lps_id`, `lps_version`), gardé au journal.',
      body: {
        'application/x-www-form-urlencoded': {
          schema: shape(
            {
              grant_type: { const: GRANT },
              client_id: text(),
              subject_token: text('jeton d’accès Pro Santé Connect'),
              subject_token_type: { enum: [ACCESS_TOKEN, JWT] },
              scope: { const: SCOPE },
            },
            {
              requested_token_type: { const: ACCESS_TOKEN },
              subject_issuer: { const: 'psc' },
              audience: { const: AUDIENCE },
              actor_token: text(),
              actor_token_type: { const: JWT },
            },
          ),
        },
      },
      answers: {
        200: { says: 'Échangé.', content: json(ref('ExchangedToken')) },
        400: oauthRefusal('Refusé : `error` au sens d’OAuth, `code` de la liste fermée.'),
        401: oauthRefusal('`client_id` d’un autre, ou certificat refusé.'),
        503: oauthRefusal('À redemander : Pro Santé Connect ne répond pas, ou Relais ne peut enregistrer.'),
      },
    },
    'GET /auth/psc-sessions/callback': {
      summary: 'Retour de Pro Santé Connect, pour un logiciel',
      parameters: {
        'query:code': text('donné par Pro Santé Connect'),
        'query:state': text('donné par Pro Santé Connect'),
      },
      answers: { 200: page('La question : est-ce bien le nombre que montre le logiciel ?') },
      problems: [
        'person.unauthenticated',
        'role.not-allowed',
        'state.conflict',
        'transport.unreachable',
        'transport.bad-answer',
      ],
    },
    'POST /auth/psc-sessions/confirm': {
      summary: 'Réponse de la personne',
      body: { 'application/x-www-form-urlencoded': {} },
      answers: { 200: page('C’est dit au logiciel.') },
      problems: ['person.unauthenticated', 'role.not-allowed', 'state.conflict'],
    },
    'GET /auth/psc-sessions/logout': {
      summary: 'Envoie fermer la session chez Pro Santé Connect',
      parameters: { 'query:ticket': text('de `logoutUrl`') },
      answers: { 303: { says: 'Vers Pro Santé Connect.', headers: { Location: 'où aller' } } },
      problems: ['person.unauthenticated', 'transport.unreachable', 'transport.bad-answer'],
    },
  },
  schemas: {
    ExchangedToken: shape({
      access_token: text(),
      issued_token_type: { const: ACCESS_TOKEN },
      token_type: { const: 'Bearer' },
      expires_in: whole('secondes', 1),
      scope: { const: SCOPE },
    }),
    OauthProblem: shape(
      {
        error: text('RFC 6749 §5.2, RFC 8693 §2.2.2'),
        code: ref('ErrorCode'),
        error_description: text('le code, en ASCII'),
        instance: { type: 'string', format: 'uri' },
      },
      { detail: text() },
    ),
    PscSession: shape(
      {
        id,
        flow: oneOf<SessionFlow>('Comment.', { code: 'par navigateur', ciba: 'par téléphone ou carte' }),
        state: oneOf<SessionState>('Où elle en est.', {
          pending: 'la personne n’a pas répondu',
          open: 'ouverte',
          refused: 'refusée, par la personne ou par une vérification : `reason`',
          expired: 'temps écoulé, ou fin de la session chez Pro Santé Connect',
        }),
      },
      {
        code: text('deux chiffres à montrer tant que la personne n’a pas répondu'),
        authorizationUrl: text('à ouvrir dans le navigateur de la personne'),
        expiresAt: instant('fin de l’attente, puis de la session au plus tard'),
        reason: ref('ErrorCode'),
        handle: text('jeton de passage : montré une fois, bon avec ce certificat seulement'),
        person: shape(
          { pseudonym: sha256(), name: text(), role: ref('Role') },
          { rpps: { type: 'string', pattern: '^[0-9]{11}$' } },
        ),
        mailbox: text('boîte qu’elle ouvre'),
      },
    ),
  },
};
