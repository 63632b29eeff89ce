import type { Content } from '../contract.ts';
import { BrokerError, ERROR_CODES, type ErrorCode, type Finding } from '../errors.ts';
import type { Incoming } from '../event.ts';
import type { Renderer } from '../ports.ts';
import type { NamedFlow } from './flow.ts';
import { GATES } from './gates.ts';
import { parseJson } from './json.ts';
import { bareMediaType } from './media-type.ts';

/** Content against the contract: schema, then rules and gates; a PDF must be inert. Nothing is ever corrected. */
export async function checkContent(
  incoming: Incoming,
  named: NamedFlow,
  renderer: Renderer,
): Promise<Content> {
  const mediaType = bareMediaType(incoming.mediaType);
  const content: Content = { mediaType, bytes: incoming.data };
  if (mediaType === 'application/pdf') {
    refuse(await renderer.inspect(incoming.data), 'content.active');
    return content;
  }
  if (mediaType === 'application/json') content.json = parseJson(incoming.data);
  refuse(findingsOf(content, named, incoming.event));
  return content;
}

/** Findings of schema and rules: what `POST /v1/flows/{flow}/check` answers too. Rules run only on a content whose shape is right. */
export function findingsOf(
  content: Content & { schema?: string },
  { inForce, object, contract }: NamedFlow,
  event: { lastvisit?: string; subjectref?: string },
): Finding[] {
  const shape =
    content.json === undefined ? [] : inForce.schemaFindings(object, content.json, content.schema);
  if (shape.length > 0) return shape;
  const gates = contract.gates.flatMap((name) => GATES[name]?.(content.json) ?? [shutGate(name)]);
  const rules = inForce.flow.hooks[object]?.check?.(content, {
    ...(event.lastvisit === undefined ? {} : { lastVisit: event.lastvisit }),
    ...(event.subjectref === undefined ? {} : { subjectRef: event.subjectref }),
  });
  return [...gates, ...(rules ?? [])];
}

/** A contract that names a gate nobody wrote lets nothing through. */
function shutGate(name: string): Finding {
  return { pointer: '', code: 'gate.unknown', detail: `Porte ${name} inconnue : rien ne passe.` };
}

/** A gate that is shut has its own code; anything else is content.invalid. */
export function refuse(findings: readonly Finding[], code: ErrorCode = 'content.invalid'): void {
  if (findings.length === 0) return;
  const gate = findings.find((finding) => finding.code.startsWith('gate.') && finding.code in ERROR_CODES);
  throw new BrokerError((gate?.code as ErrorCode | undefined) ?? code, { findings });
}
