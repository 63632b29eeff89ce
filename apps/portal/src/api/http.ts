/** Calls to the broker, by the session's cookie. A refusal is a `Problem`: its words are made for people. */
export interface ProblemDetails {
  title: string;
  detail?: string;
  code: string;
  instance?: string;
  errors?: readonly { pointer: string; code: string; detail: string }[];
}

export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    readonly details: ProblemDetails,
  ) {
    super(details.code);
  }

  /** one sentence, or a few, for whoever must do something about it */
  get words(): string {
    const { title, detail, errors = [] } = this.details;
    return [detail ?? title, ...errors.map((one) => one.detail)].join(' ');
  }
}

const UNREACHABLE: ProblemDetails = {
  code: 'portal.unreachable',
  title: 'Relais ne répond pas. Vérifiez votre connexion, puis recommencez.',
};

/** @throws Problem */
export async function call<T>(path: string, body?: object): Promise<T> {
  const answer = await send(path, body);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** @throws Problem */
export async function bytesOf(path: string): Promise<Blob> {
  return (await send(path)).blob();
}

async function send(path: string, body?: object): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method: body === undefined ? 'GET' : 'POST',
      credentials: 'same-origin',
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  } catch {
    throw new Problem(0, UNREACHABLE);
  }
  if (answer.ok) return answer;
  const details = (await answer.json().catch(() => undefined)) as ProblemDetails | undefined;
  throw new Problem(
    answer.status,
    details ?? { code: 'portal.unknown', title: 'Réponse inattendue de Relais.' },
  );
}

export function problemOf(error: unknown): Problem {
  return error instanceof Problem
    ? error
    : new Problem(0, { code: 'portal.unknown', title: 'Une erreur inattendue est survenue dans la page.' });
}
