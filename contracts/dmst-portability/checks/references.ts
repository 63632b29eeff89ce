import type { Finding } from '#core';
import type { Dmst } from '#core/dmst';
import { at, finding } from './finding.ts';

/** Every `…Ref` names something of the same dossier, and nothing bears the same name twice in a list. */
export function checkReferences(dmst: Dmst): Finding[] {
  const visits = ids(dmst.visits);
  const employments = ids(dmst.employments);
  const exposures = ids(dmst.exposures);
  const attachments = ids(dmst.attachments);
  const references: (readonly [string | undefined, ReadonlySet<string>, string])[] = [
    ...at(dmst.visits, '/visits').map(
      ([v, p]) => [v.employmentRef, employments, `${p}/employmentRef`] as const,
    ),
    ...at(dmst.exposures, '/exposures').map(
      ([e, p]) => [e.employmentRef, employments, `${p}/employmentRef`] as const,
    ),
    ...at(dmst.exposureStatements, '/exposureStatements').map(
      ([s, p]) => [s.documentRef, attachments, `${p}/documentRef`] as const,
    ),
    ...at(dmst.symptomsByVisit, '/symptomsByVisit').map(
      ([s, p]) => [s.visitRef, visits, `${p}/visitRef`] as const,
    ),
    ...at(dmst.workLink, '/workLink').map(
      ([w, p]) => [w.exposureRef, exposures, `${p}/exposureRef`] as const,
    ),
    ...at(dmst.correspondence, '/correspondence').map(
      ([c, p]) => [c.attachmentRef, attachments, `${p}/attachmentRef`] as const,
    ),
    ...at(dmst.outputs, '/outputs').flatMap(([o, p]) => [
      [o.visitRef, visits, `${p}/visitRef`] as const,
      [o.documentRef, attachments, `${p}/documentRef`] as const,
    ]),
  ];
  return [
    ...references
      .filter(([reference, known]) => reference !== undefined && !known.has(reference))
      .map(([, , pointer]) => finding('dmst.reference-unknown', pointer)),
    ...repeated(dmst.employments, '/employments'),
    ...repeated(dmst.exposures, '/exposures'),
    ...repeated(dmst.visits, '/visits'),
    ...repeated(dmst.attachments, '/attachments'),
  ];
}

type Named = readonly { id: string }[] | undefined;

function ids(list: Named): ReadonlySet<string> {
  return new Set((list ?? []).map(({ id }) => id));
}

function repeated(list: Named, pointer: string): Finding[] {
  const seen = new Set<string>();
  return at(list, pointer).flatMap(([{ id }, place]) => {
    if (seen.has(id)) return [finding('dmst.id-repeated', `${place}/id`)];
    seen.add(id);
    return [];
  });
}
