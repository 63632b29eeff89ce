import {
  type Content,
  type DocumentModel,
  extractHead,
  factsBlock,
  frenchDate,
  type HookContext,
  type IdentityQuestion,
  type Ins,
  mailedPart,
  type NamedPerson,
  type Part,
  type PartnerId,
  questionAbout,
  verifiedPerson,
} from '#core';
import { CDA_CODES } from '#core/cda-codes';

/** `ins` is the sender's own claim: kept only when Relais' verification qualifies it */
interface RequestedWorker extends NamedPerson {
  /** matricule that the asker's file bears: compared, never transmitted */
  heldIns?: Ins;
}

export function whoIsAskedAbout({ json }: Content, sender: PartnerId): IdentityQuestion {
  const { heldIns, ...worker } = (json as { worker: RequestedWorker }).worker;
  return questionAbout(sender, { ...worker, ...(heldIns === undefined ? {} : { ins: heldIns }) });
}

interface Request {
  worker: RequestedWorker;
  requester: { role: string; name: string; RPPS?: string };
  legalGate?: { informedAt?: string; recordedBy?: string };
  purpose: keyof typeof PURPOSES;
}

const PURPOSES = {
  CONTINUITE: 'Continuité du suivi',
  PDP: 'Prévention de la désinsertion professionnelle',
} as const;

/** The source gets the traits and the status that Relais verified, and the matricule only of a qualified identity. */
export function divideRequest({ json }: Content, context: HookContext): { parts: Part[]; removed: number } {
  const request = json as Request;
  const person = verifiedPerson(request.worker.traits, context.verdict);
  const told = { ...request, worker: person };
  return {
    parts: [
      { audience: 'enc', mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(told)) },
      asMail(request, person, context),
    ],
    removed: 0,
  };
}

/** For a service that is reached by mail: the request as a page, and how to answer it. */
function asMail(request: Request, person: NamedPerson, context: HookContext): Part {
  const { requester } = request;
  const { RPPS: rpps } = requester;
  const { name, siret } = context.sender;
  return mailedPart(
    {
      audience: 'enc',
      document: pageOf(request, person, context),
      type: CDA_CODES.types.referral,
      person: person.traits,
      ins: person.ins,
      author: {
        name: requester.name,
        ...(rpps === undefined ? {} : { rpps }),
        profession:
          requester.role === 'IDEST'
            ? CDA_CODES.professions.nurse
            : CDA_CODES.professions.occupationalPhysician,
      },
      organization: { name, ...(siret === undefined ? {} : { siret }) },
      act: context.receivedAt.slice(0, 10),
    },
    context,
  );
}

function pageOf(
  { requester, legalGate, purpose }: Request,
  person: NamedPerson,
  context: HookContext,
): DocumentModel {
  const { informedAt, recordedBy } = legalGate ?? {};
  return {
    title: 'Demande de dossier médical en santé au travail',
    ...extractHead(person, context),
    essentials: [
      {
        title: 'Demande',
        blocks: [
          factsBlock(
            ['Service demandeur', context.sender.name, true],
            ['Demandé par', requester.name],
            ['RPPS', requester.RPPS],
            ['Motif', PURPOSES[purpose]],
            [
              'Personne informée, sans opposition',
              informedAt === undefined ? undefined : frenchDate(informedAt),
            ],
            ['Recueilli par', recordedBy],
            ['Référence à rappeler', context.subjectRef],
          ),
        ],
      },
    ],
    sections: [
      {
        title: 'Pour répondre',
        blocks: [
          {
            kind: 'text',
            text: 'Répondez au courriel qui porte cette demande en joignant le dossier : archive IHE_XDM.zip (document CDA) ou, à défaut, un fichier PDF. Si vous ne détenez pas de dossier transmissible, répondez-le de même.',
          },
        ],
      },
    ],
    readers: 'Service de prévention et de santé au travail qui a suivi la personne.',
  };
}
