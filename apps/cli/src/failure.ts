/** What went wrong, for who called the command: a code and French words; never a stack, a value, nor content. */
import { NotGenuine, RelaisProblem, RelaisUnreachable } from '#client';
import { BrokerError } from '#core';

const SYSTEM: Readonly<Record<string, string>> = {
  ENOENT: 'fichier ou dossier introuvable',
  EACCES: 'accès refusé',
  EPERM: 'opération interdite',
  EISDIR: 'c’est un dossier',
  ENOTDIR: 'ce n’est pas un dossier',
  ENOSPC: 'disque plein',
  EROFS: 'disque en lecture seule',
  EADDRINUSE: 'port déjà employé',
};

export function failureLines(error: unknown): string[] {
  if (error instanceof BrokerError) return brokerError(error);
  if (error instanceof RelaisProblem) return problem(error);
  if (error instanceof RelaisUnreachable)
    return [`Relais ne répond pas${causeOf(error)}. Ce qui a été envoyé est peut-être arrivé.`];
  if (error instanceof NotGenuine)
    return [`non authentique, à ne pas employer : ${error.what} (${error.reason})`];
  const { code, path, port } = (error ?? {}) as { code?: unknown; path?: unknown; port?: unknown };
  const known = typeof code === 'string' ? SYSTEM[code] : undefined;
  if (known !== undefined) return [`${code} : ${known}${about(path ?? port)}`];
  const name = error instanceof Error ? error.name : typeof error;
  return [`internal : erreur inattendue (${name}${typeof code === 'string' ? `, ${code}` : ''})`];
}

function brokerError({ code, title, detail, findings }: BrokerError): string[] {
  const found = findings.map((finding) => `  ${finding.pointer} : ${finding.detail} [${finding.code}]`);
  return detail === undefined ? [`${code} : ${title}`, ...found] : `${code} : ${detail}`.split('\n');
}

function problem({ code, detail, errors, instance }: RelaisProblem): string[] {
  return [
    `${code} : ${detail ?? 'refusé par Relais'}`,
    ...errors.map((found) => `  ${found.pointer} : ${found.detail} [${found.code}]`),
    ...(instance === undefined ? [] : [`à citer à l’exploitant : ${instance}`]),
  ];
}

function causeOf({ cause }: Error): string {
  const { code } = (cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? ` (${code})` : '';
}

function about(what: unknown): string {
  return typeof what === 'string' || typeof what === 'number' ? ` : ${what}` : '';
}
