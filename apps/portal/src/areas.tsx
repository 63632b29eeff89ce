/** What is offered to whom: one area a folder. What a role may do is the broker's affair. */
import type { ReactElement } from 'react';
import { doctorArea } from './doctor/area.tsx';
import { operatorArea } from './operator/area.tsx';
import type { Role } from './session/session.ts';
import { teamArea } from './team/area.tsx';
import { vigilanceArea } from './vigilance/area.tsx';

export interface Area {
  serves(role: Role | undefined): boolean;
  /** in the navigation; the first of all is home */
  places: readonly { href: string; says: string }[];
  /** `Route`s with a key each */
  pages: readonly ReactElement[];
}

const AREAS: readonly Area[] = [doctorArea, teamArea, vigilanceArea, operatorArea];

export function areasOf(role: Role | undefined): readonly Area[] {
  return AREAS.filter(({ serves }) => serves(role));
}
