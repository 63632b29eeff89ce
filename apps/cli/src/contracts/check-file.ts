import { flows } from '#contracts';
import { bulkFindings, compileSchemas, type Finding, type Flow, findingsOf, parseJson } from '#core';

/**
 * Dry run without a broker: what accept would say of these bytes today.
 * @param object of the flow; its first one when absent
 * @throws BrokerError when it is not JSON (each line, for what comes line by line); undefined when there is no such flow or object
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
  const named = { inForce: inForce(flow), flow: flowName, object: name, contract };
  const context = { now: now.toISOString(), recipients: [] };
  if (contract.bulk !== undefined) return bulkFindings(bytes, named, contract.bulk, context);
  return findingsOf({ mediaType: 'application/json', bytes, json: parseJson(bytes) }, named, context);
}

function inForce(flow: Flow) {
  return { flow, open: true, hash: '', schemaFindings: compileSchemas(flow) };
}
