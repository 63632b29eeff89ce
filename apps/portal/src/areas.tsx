/** Every area of the portal, in the order of the navigation. */
import type { Area } from './area.ts';
import { doctorArea } from './doctor/area.tsx';
import { employerArea } from './employer/area.tsx';
import { operatorArea } from './operator/area.tsx';
import type { Role } from './session/session.ts';
import { teamArea } from './team/area.tsx';
import { vigilanceArea } from './vigilance/area.tsx';
import { workerArea } from './worker/area.tsx';

const AREAS: readonly Area[] = [doctorArea, teamArea, vigilanceArea, operatorArea, workerArea, employerArea];

export function areasOf(role: Role | undefined): readonly Area[] {
  return AREAS.filter(({ serves }) => serves(role));
}
