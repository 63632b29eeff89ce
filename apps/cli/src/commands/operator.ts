/** Speaking as an operator, on the people's port of a running broker: who did it, and why, is then in the journal. */
import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { Agent, request } from 'undici';
import { RelaisProblem, RelaisUnreachable } from '#client';
import { BrokerError } from '#core';
import type { Configuration } from '../../../broker/src/config/environment.ts';

export interface OperatorWords {
  token: string;
  url?: string;
  ca?: string;
  issuer: string;
}

export function operatorOptions(command: Command): Command {
  return command
    .requiredOption('--token <fichier>', 'fichier de votre jeton d’accès d’exploitant')
    .option('--issuer <émetteur>', 'qui a donné le jeton', 'operator')
    .option('--url <url>', 'adresse de Relais pour les personnes (par défaut celle de cette machine)')
    .option('--ca <fichier>', 'autorité du serveur (par défaut celle de la configuration)');
}

export class OperatorClient {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #agent: Agent;

  constructor({ ports, tls }: Configuration, { token, url, ca, issuer }: OperatorWords) {
    this.#url = url ?? `${tls.people ? 'https' : 'http'}://localhost:${ports.people}`;
    this.#headers = { authorization: `Bearer ${textOf(token, '--token').trim()}`, 'relais-issuer': issuer };
    const authority = ca ?? tls.authorities;
    this.#agent = new Agent({ connect: existsSync(authority) ? { ca: textOf(authority, '--ca') } : {} });
  }

  /** @throws RelaisProblem for any answer above 299, RelaisUnreachable without one */
  async ask<T>(path: string, body?: object): Promise<T> {
    return (await this.#ask(path, body)).json as T;
  }

  /** Every page of a list. */
  async *all<T>(path: string): AsyncGenerator<T> {
    for (let next: string | undefined = path; next !== undefined; ) {
      const { json, link } = await this.#ask(next);
      yield* json as T[];
      next = /^<([^>]+)>; rel="next"/.exec(link)?.[1];
    }
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  async #ask(path: string, body?: object): Promise<{ json: unknown; link: string }> {
    const answer = await request(`${this.#url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...this.#headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      dispatcher: this.#agent,
    }).catch((cause: unknown) => {
      throw new RelaisUnreachable('no answer', { cause });
    });
    const json = await answer.body.json().catch(() => ({}));
    if (answer.statusCode < 300) return { json, link: String(answer.headers['link'] ?? '') };
    throw new RelaisProblem(answer.statusCode, json as Record<string, unknown>, undefined);
  }
}

function textOf(file: string, option: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8');
  throw new BrokerError('not-found', { detail: `${file} est absent : donnez ${option}.` });
}
