import { type Content, type Finding, isSiret } from '#core';
import type { Establishment } from './establishments.ts';

const DETAILS = {
  'cnam-risks.siret-key': 'Ce numéro ne peut pas être un SIRET : sa clé est fausse.',
  'cnam-risks.establishment-repeated': 'Établissement déjà présent dans cet envoi pour la même période.',
  'cnam-risks.period-ends-before-start': 'La période finit avant d’avoir commencé.',
  'cnam-risks.line-repeated': 'Exposition déjà donnée pour cette unité de travail.',
  'cnam-risks.done-without-date': 'Une mesure faite porte la date à laquelle elle l’a été.',
} as const;

export function checkEstablishments({ json }: Content): Finding[] {
  const { establishments } = json as { establishments: Establishment[] };
  const seen = new Set<string>();
  return establishments.flatMap((one, n) => {
    const at = `/establishments/${n}`;
    const name = `${one.siret} ${one.period.from} ${one.period.to}`;
    const repeated = seen.has(name) ? [finding('cnam-risks.establishment-repeated', `${at}/siret`)] : [];
    seen.add(name);
    return [...repeated, ...checkEstablishment(one, at)];
  });
}

/** What one establishment must hold by itself: also a line of an NDJSON sending. */
export function checkEstablishment({ siret, period, lines }: Establishment, at = ''): Finding[] {
  const seen = new Set<string>();
  return [
    ...(isSiret(siret) ? [] : [finding('cnam-risks.siret-key', `${at}/siret`)]),
    ...(period.to < period.from ? [finding('cnam-risks.period-ends-before-start', `${at}/period`)] : []),
    ...lines.flatMap((line, n) => {
      const place = `${at}/lines/${n}`;
      const name = `${line.workUnit} ${line.tepCode}`;
      const repeated = seen.has(name) ? [finding('cnam-risks.line-repeated', place)] : [];
      seen.add(name);
      const undated = line.measures.flatMap(({ status, date }, m) =>
        status === 'FAITE' && date === undefined
          ? [finding('cnam-risks.done-without-date', `${place}/measures/${m}`)]
          : [],
      );
      return [...repeated, ...undated];
    }),
  ];
}

function finding(code: keyof typeof DETAILS, pointer: string): Finding {
  return { pointer, code, detail: DETAILS[code] };
}
