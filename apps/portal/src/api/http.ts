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
    const sentences = [detail ?? title, ...errors.map((one) => one.detail)];
    return sentences.map((one) => (/[.!?…]$/.test(one) ? one : `${one}.`)).join(' ');
  }
}

const UNREACHABLE: ProblemDetails = {
  code: 'portal.unreachable',
  title: 'Relais ne répond pas. Vérifiez votre connexion, puis recommencez.',
};

const BROKEN_OFF: ProblemDetails = {
  code: 'portal.broken-off',
  title: 'La réponse de Relais s’est interrompue. Vérifiez votre connexion, puis recommencez.',
};

/** Tells `ended` when the broker knows this browser's session no more. */
export const session = new EventTarget();

/** @throws Problem */
export async function call<T>(path: string, body?: object): Promise<T> {
  if (body === undefined) return read(await send(path, { method: 'GET' }));
  return callAs(path, JSON.stringify(body), { 'content-type': 'application/json' });
}

/** A body as it is written. @throws Problem */
export async function callAs<T>(
  path: string,
  body: string | Blob,
  headers: Record<string, string>,
): Promise<T> {
  return read(await send(path, { method: 'POST', headers, body }));
}

/** @throws Problem */
export async function remove<T>(path: string): Promise<T> {
  return read(await send(path, { method: 'DELETE' }));
}

/** @throws Problem */
export async function bytesOf(path: string): Promise<Blob> {
  return (await send(path, { method: 'GET' })).blob();
}

/** What comes as it comes. @throws Problem, also when it breaks off */
export async function streamOf(path: string, signal: AbortSignal): Promise<AsyncGenerator<Uint8Array>> {
  const { body } = await send(path, { method: 'GET', signal });
  return chunksOf(body);
}

async function* chunksOf(body: Response['body']): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  for (;;) {
    // not every browser iterates a body
    const turn = await reader?.read().catch(() => {
      throw new Problem(0, BROKEN_OFF);
    });
    if (turn?.value === undefined) return;
    yield turn.value;
  }
}

async function read<T>(answer: Response): Promise<T> {
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

async function send(path: string, asked: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { ...asked, credentials: 'same-origin' });
  } catch {
    throw new Problem(0, UNREACHABLE);
  }
  if (answer.ok) return answer;
  if (answer.status === 401) session.dispatchEvent(new Event('ended'));
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
