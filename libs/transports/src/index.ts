export { AmqpQueue, type AmqpQueueOptions } from './amqp/amqp-queue.ts';
export { Names, partnerPermissions, partnerUser } from './amqp/names.ts';
export { ReceiptQueue, type ReceiptQueueOptions } from './amqp/receipt-queue.ts';
export * from './delivery-event.ts';
export { FhirRest, type FhirRestOptions } from './fhir-rest/fhir-rest.ts';
export { HttpsPush, type HttpsPushOptions } from './https/https-push.ts';
export { Mailbox } from './mailbox/mailbox.ts';
export * from './mssante/index.ts';
