import { flows } from '#contracts';
import { compileSchemas, type Finding, type Flow, findingsOf, parseJson } from '#core';

/**
 * Dry run without a broker: what accept would say of these bytes today.
 * @param object of the flow; its first one when absent
 * @throws BrokerError when it is not JSON; undefined when there is no such flow or object
 */
export function checkFile(
  flowName: string,
  object: string | undefined,
  bytes: Uint8Array,
  now: Date,
): Finding[] | undefined {
  const flow = flows.findLast(({ contract }) => contract.flow === flowName);
  const name = object ?? Object.keys(flow?.contract.objects ?? {})[0];
  const contract = name === undefined ? undefined : flow?.contract.objects[name];
  if (flow === undefined || name === undefined || contract === undefined) return undefined;
  return findingsOf(
    { mediaType: 'application/json', bytes, json: parseJson(bytes) },
    { inForce: inForce(flow), flow: flowName, object: name, contract },
    { now: now.toISOString(), recipients: [] },
  );
}

function inForce(flow: Flow) {
  return { flow, open: true, hash: '', schemaFindings: compileSchemas(flow) };
}
