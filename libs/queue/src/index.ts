export { DatabaseQueue, type DatabaseQueueOptions } from './database/database-queue.ts';
export type { Handler, LaneSettings } from './database/lane.ts';
