import type { Bundle, FhirResource } from 'fhir-types/r4.js';
import type { FhirOrigin } from './scope.ts';

/** A collection under the id of the message: whoever gets it twice knows it again. */
export function bundleOf(resources: readonly FhirResource[], { messageId, at }: FhirOrigin): Bundle {
  return {
    resourceType: 'Bundle',
    identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${messageId}` },
    type: 'collection',
    timestamp: at,
    entry: resources.map((resource) => ({ fullUrl: `urn:uuid:${resource.id}`, resource })),
  };
}
