/** The routes that Nest serves, read from the metadata of the controllers: nothing here is written twice. */
import { RequestMethod, type Type } from '@nestjs/common';
import {
  GUARDS_METADATA,
  HTTP_CODE_METADATA,
  METHOD_METADATA,
  PARAMTYPES_METADATA,
  PATH_METADATA,
  ROUTE_ARGS_METADATA,
} from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { JsonBody } from '../http/dto.ts';
import { type Listener, ON } from '../http/listeners.ts';

export interface Route {
  method: string;
  /** `/v1/flows/:flow` */
  path: string;
  /** `FlowsController.one`; of several paths, each with its own words behind */
  handler: string;
  listeners: readonly Listener[];
  guards: readonly Type[];
  /** `query:limit`, `header:ce-id`, `path:id` */
  parameters: readonly string[];
  /** the class that JsonBody validates, `bytes` for a body taken as it comes */
  body?: Type | 'bytes';
  /** as declared; a handler may answer another one */
  status: number;
}

interface Argument {
  index: number;
  data: unknown;
  pipes: readonly unknown[];
}

const IN: Partial<Record<RouteParamtypes, string>> = {
  [RouteParamtypes.QUERY]: 'query',
  [RouteParamtypes.PARAM]: 'path',
  [RouteParamtypes.HEADERS]: 'header',
};
/** OpenAPI says these by other means (§4.8.12.2) */
const SAID_ELSEWHERE = ['content-type', 'accept', 'authorization'];

export function routesOf(controllers: readonly Type[]): Route[] {
  return controllers.flatMap((controller) =>
    Object.getOwnPropertyNames(controller.prototype)
      .filter((name) => handlerOf(controller, name) !== undefined)
      .flatMap((name) => routesAt(controller, name)),
  );
}

/** One for each path of the handler. */
function routesAt(controller: Type, name: string): Route[] {
  const handler = handlerOf(controller, name) as object;
  const of = <T>(key: string): T | undefined =>
    (Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller)) as T | undefined;
  const method = of<RequestMethod>(METHOD_METADATA) ?? RequestMethod.GET;
  const body = bodyOf(controller, name);
  const paths = pathsOf(controller, handler);
  return paths.map((path) => ({
    method: RequestMethod[method],
    path,
    handler: `${controller.name}.${name}${paths.length === 1 ? '' : wordsOf(path)}`,
    listeners: of<Listener[]>(ON) ?? [],
    guards: of<Type[]>(GUARDS_METADATA) ?? [],
    parameters: [...new Set([...placesIn(path), ...parametersOf(controller, name)])],
    ...(body === undefined ? {} : { body }),
    status:
      (Reflect.getMetadata(HTTP_CODE_METADATA, handler) as number | undefined) ??
      (method === RequestMethod.POST ? 201 : 200),
  }));
}

/** `/demandes/:id` → `DemandesId` */
function wordsOf(path: string): string {
  return path.replace(/\W+(\w?)/g, (_, first: string) => first.toUpperCase());
}

function placesIn(path: string): string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => `path:${name}`);
}

function parametersOf(controller: Type, name: string): string[] {
  return argumentsOf(controller, name).flatMap(({ kind, data }) => {
    const place = IN[kind];
    if (place === undefined || typeof data !== 'string' || SAID_ELSEWHERE.includes(data)) return [];
    return [`${place}:${data}`];
  });
}

function handlerOf(controller: Type, name: string): object | undefined {
  const member: unknown = Object.getOwnPropertyDescriptor(controller.prototype, name)?.value;
  return typeof member === 'function' && Reflect.hasMetadata(METHOD_METADATA, member) ? member : undefined;
}

function pathsOf(controller: Type, handler: object): string[] {
  const [base, own] = [controller, handler].map((one) => Reflect.getMetadata(PATH_METADATA, one) as unknown);
  return [own].flat().map((path) => {
    const parts = [base, path].flatMap((part) => String(part ?? '').split('/'));
    return `/${parts.filter((part) => part !== '').join('/')}`;
  });
}

function argumentsOf(controller: Type, name: string): (Argument & { kind: RouteParamtypes })[] {
  const found = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<
    string,
    Argument
  >;
  // `3:0` is a body; the keys of our own parameter decorators are longer
  return Object.entries(found)
    .flatMap(([key, argument]) =>
      /^\d+:\d+$/.test(key) ? [{ ...argument, kind: Number.parseInt(key, 10) }] : [],
    )
    .sort((a, b) => a.index - b.index);
}

function bodyOf(controller: Type, name: string): Type | 'bytes' | undefined {
  const body = argumentsOf(controller, name).find(({ kind }) => kind === RouteParamtypes.BODY);
  if (body === undefined) return undefined;
  const types = Reflect.getMetadata(PARAMTYPES_METADATA, controller.prototype as object, name) as Type[];
  return body.pipes.includes(JsonBody) ? types[body.index] : 'bytes';
}
