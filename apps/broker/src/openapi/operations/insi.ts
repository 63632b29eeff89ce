import { type Chapter, json } from '../operation.ts';
import { ref, shape, text, uuid } from '../schema.ts';

const pending = {
  says: 'Le téléservice tarde : la réponse viendra en message `fr.relais-st.insi.result.v1`.',
  content: json(ref('InsiPending')),
  headers: { Location: 'le message à suivre' },
} as const;

const problems = [
  'event.too-deep',
  'flow.not-allowed',
  'message.id-reused',
  'message.resend-needed',
  'content.invalid',
  'identity.invalid',
  'insi.call-limit',
  'insi.access-refused',
  'insi.unavailable',
] as const;

const id = text(
  'facultatif : le même à chaque essai, après une coupure par exemple. La question n’est posée qu’une fois tant que la réponse est en mémoire, et la même réponse revient : ici si elle avait été donnée ici (relue du téléservice si la mémoire en est passée), en message si elle est partie en message',
);

export const insi: Chapter = {
  tag: 'INSi',
  says: 'Identité nationale de santé, sous le mandat du service qui demande. Réponse immédiate, ou par message.',
  operations: {
    'POST /v1/insi/search': {
      summary: 'Cherche un matricule par les traits',
      parameters: { 'header:ce-id': id },
      body: { 'application/json': { schema: ref('insi.search.v1') } },
      answers: { 200: { says: 'La réponse.', content: json(ref('insi.result.v1')) }, 202: pending },
      problems,
    },
    'POST /v1/insi/verify': {
      summary: 'Vérifie un matricule et ses traits',
      parameters: { 'header:ce-id': id },
      body: { 'application/json': { schema: ref('insi.verify.v1') } },
      answers: { 200: { says: 'La réponse.', content: json(ref('insi.result.v1')) }, 202: pending },
      problems,
    },
  },
  schemas: { InsiPending: shape({ id: uuid(), status: ref('MessageStatus') }) },
};
