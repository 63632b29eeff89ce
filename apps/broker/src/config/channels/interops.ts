import { closed, https } from './shapes.ts';

export const interopsChannel = closed({ endpoint: https }, ['endpoint']);
