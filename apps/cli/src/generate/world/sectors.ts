import type { Sector } from './sector.ts';
import { INDUSTRY } from './sectors-industry.ts';
import { SERVICES } from './sectors-services.ts';

export const SECTORS: readonly Sector[] = [...INDUSTRY, ...SERVICES];
