import { BrokerError } from '../errors.ts';

/** Deeper than any contract needs; a parser must not be asked to go there. */
const MAX_DEPTH = 64;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses JSON content.
 * @throws BrokerError `event.too-deep` before parsing, `content.invalid` with the finding `json.syntax`
 */
export function parseJson(bytes: Uint8Array): unknown {
  if (depth(bytes) > MAX_DEPTH) throw new BrokerError('event.too-deep');
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    // the parser's own words would quote the content
    throw new BrokerError('content.invalid', {
      findings: [{ pointer: '', code: 'json.syntax', detail: 'Le contenu n’est pas du JSON en UTF-8.' }],
    });
  }
}

/** Deepest nesting of brackets outside strings. */
function depth(bytes: Uint8Array): number {
  let [deepest, level, inString] = [0, 0, false];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inString) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      level++;
      if (level > deepest) deepest = level;
      if (deepest > MAX_DEPTH) return deepest;
    } else if (byte === 0x7d || byte === 0x5d) level--;
  }
  return deepest;
}
