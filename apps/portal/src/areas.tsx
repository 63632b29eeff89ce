/** Every area of the portal, in the order of the navigation. */
import type { Area } from './area.ts';
import { doctorArea } from './doctor/area.tsx';
import { employerArea } from './employer/area.tsx';
import { operatorArea } from './operator/area.tsx';
import { registerArea } from './register/area.tsx';
import type { Role } from './session/session.ts';
import { sourceArea } from './source/area.tsx';
import { teamArea } from './team/area.tsx';
import { vigilanceArea, vigilanceFiguresArea } from './vigilance/area.tsx';
import { workerArea } from './worker/area.tsx';

const AREAS: readonly Area[] = [
  doctorArea,
  sourceArea,
  teamArea,
  vigilanceArea,
  operatorArea,
  registerArea,
  // after the registers: an auditor begins there
  vigilanceFiguresArea,
  workerArea,
  employerArea,
];

export function areasOf(role: Role | undefined): readonly Area[] {
  return AREAS.filter(({ serves }) => serves(role));
}
