/** What the code cannot say of a route: its words, its answers, its own refusals. The rest is read from the route. */
import type { ErrorCode } from '#core';
import type { Schema } from './schema.ts';

export interface Answer {
  says: string;
  /** media type → schema; absent = no body */
  content?: Readonly<Record<string, Schema>>;
  headers?: Readonly<Record<string, string>>;
}

export interface Operation {
  /** one French line */
  summary: string;
  description?: string;
  /** what each parameter means; `ce-` headers that the code reads by itself are named here too */
  parameters?: Readonly<Record<`${'path' | 'query' | 'header'}:${string}`, Schema>>;
  /** body that is no validated class: media type → media type object */
  body?: Readonly<Record<string, object>>;
  /** what the class of the body leaves to the service */
  bodyRule?: Schema;
  /** of the class's JSON, with a fictional person of the INSi test set */
  bodyExample?: object;
  answers: Readonly<Record<number, Answer>>;
  /** beyond those that every route of its kind has */
  problems?: readonly ErrorCode[];
  /** a person is needed on both ports, or by session only; by default what the route's guard asks */
  person?: 'always' | 'session';
}

/** `'GET /v1/partners'`, as Nest has the route: parameters with a colon. */
export type Operations = Readonly<Record<string, Operation>>;

/** One tag of the page: its operations, and the schemas that they name. */
export interface Chapter {
  tag: string;
  says: string;
  operations: Operations;
  schemas: Readonly<Record<string, Schema>>;
}

export const json = (schema: Schema): Readonly<Record<string, Schema>> => ({ 'application/json': schema });
