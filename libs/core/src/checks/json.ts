import { BrokerError } from '../errors.ts';

/** Deeper than any contract needs; a parser must not be asked to go there. */
const MAX_DEPTH = 64;
/** 50 MB of a dossier hold under three million; 50 MB of `{},` hold seventeen, and a gigabyte once parsed. */
const MAX_VALUES = 4_000_000;

/** `source`: the very text of a number, a text, true, false or null */
type Reviver = (name: string, value: unknown, context: { source?: string }) => unknown;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses JSON content.
 * @throws BrokerError before parsing `event.too-deep`, `content.invalid` with the finding `json.too-many-values`;
 * else `content.invalid` with the finding `json.syntax`
 */
export function parseJson(bytes: Uint8Array, reviver?: Reviver): unknown {
  const { depth, values } = measureJson(bytes);
  if (depth > MAX_DEPTH) throw new BrokerError('event.too-deep');
  if (values > MAX_VALUES)
    throw invalid('json.too-many-values', `Le contenu compte plus de ${MAX_VALUES} valeurs.`);
  try {
    return JSON.parse(utf8.decode(bytes), reviver as Parameters<typeof JSON.parse>[1]);
  } catch {
    // the parser's own words would quote the content
    throw invalid('json.syntax', 'Le contenu n’est pas du JSON en UTF-8.');
  }
}

function invalid(code: string, detail: string): BrokerError {
  return new BrokerError('content.invalid', { findings: [{ pointer: '', code, detail }] });
}

export interface JsonMeasure {
  /** deepest nesting of brackets outside strings; counted no further than what is refused */
  depth: number;
  /** values or a little more */
  values: number;
  /** of the outermost array or object, at least 1 */
  elements: number;
}

/** What parsing would cost, seen without parsing; exact only for JSON that is well formed. */
export function measureJson(bytes: Uint8Array): JsonMeasure {
  let [depth, values, elements, level, inString] = [0, 1, 1, 0, false];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inString) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x2c) {
      values++;
      if (level === 1) elements++;
    } else if (byte === 0x7b || byte === 0x5b) {
      values++;
      level++;
      if (level > depth) depth = level;
      if (depth > MAX_DEPTH) break;
    } else if (byte === 0x7d || byte === 0x5d) level--;
  }
  return { depth, values, elements };
}
