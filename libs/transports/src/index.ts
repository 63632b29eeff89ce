export * from './delivery-event.ts';
export { FhirRest, type FhirRestOptions } from './fhir-rest/fhir-rest.ts';
export { HttpsPush, type HttpsPushOptions } from './https/https-push.ts';
export { Mailbox } from './mailbox/mailbox.ts';
