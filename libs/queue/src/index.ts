export { announcing } from './announcing.ts';
export { DatabaseQueue } from './database/database-queue.ts';
export type { Handler, JobQueue, JobQueueOptions, LaneSettings, QueueState } from './job-queue.ts';
export { RabbitQueue, type RabbitQueueOptions } from './rabbitmq/rabbit-queue.ts';
