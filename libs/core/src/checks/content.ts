import type { CheckContext, Content } from '../contract.ts';
import { BrokerError, ERROR_CODES, type ErrorCode, type Finding } from '../errors.ts';
import type { Incoming } from '../event.ts';
import type { Renderer } from '../ports.ts';
import { afterCheckFindings } from './after-check.ts';
import type { NamedFlow } from './flow.ts';
import { gateFindings } from './gates.ts';
import { parseJson } from './json.ts';
import { bareMediaType } from './media-type.ts';

/** Content against the contract: schema, then rules and gates; a PDF must be inert. Nothing is ever corrected. */
export async function checkContent(
  incoming: Incoming,
  named: NamedFlow,
  renderer: Renderer,
  circumstances: Pick<CheckContext, 'now' | 'recipients'>,
): Promise<Content> {
  const mediaType = bareMediaType(incoming.mediaType);
  const content: Content = { mediaType, bytes: incoming.data };
  if (mediaType === 'application/pdf') {
    refuse(await renderer.inspect(incoming.data), 'content.active');
    return content;
  }
  if (mediaType === 'application/json') content.json = parseJson(incoming.data);
  const { lastvisit, subjectref } = incoming.event;
  refuse(
    findingsOf(content, named, {
      ...circumstances,
      ...(lastvisit === undefined ? {} : { lastVisit: lastvisit }),
      ...(subjectref === undefined ? {} : { subjectRef: subjectref }),
    }),
  );
  return content;
}

/**
 * Findings of schema, gates, rules and after-check: what `POST /v1/flows/{flow}/check` answers too. Rules run only on
 * a content whose shape is right.
 */
export function findingsOf(
  content: Content,
  { inForce, object, contract }: NamedFlow,
  context: Omit<CheckContext, 'campaign'>,
  schema?: string,
): Finding[] {
  const shape = content.json === undefined ? [] : inForce.schemaFindings(object, content.json, schema);
  if (shape.length > 0) return shape;
  const { campaign } = inForce.flow.contract;
  const gates = contract.gates.flatMap((gate) =>
    gateFindings(gate, content.json, { now: context.now, campaign }),
  );
  const rules = inForce.flow.hooks[object]?.check?.(content, {
    ...context,
    ...(campaign === undefined ? {} : { campaign }),
  });
  const traces =
    contract.afterCheck === undefined ? [] : afterCheckFindings(contract.afterCheck, content.json);
  return [...gates, ...(rules ?? []), ...traces];
}

/** A gate that is shut has its own code; anything else is content.invalid. */
export function refuse(findings: readonly Finding[], code: ErrorCode = 'content.invalid'): void {
  if (findings.length === 0) return;
  const gate = findings.find((finding) => finding.code.startsWith('gate.') && finding.code in ERROR_CODES);
  throw new BrokerError((gate?.code as ErrorCode | undefined) ?? code, { findings });
}
