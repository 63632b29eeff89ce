/** What a dossier holds beside care: rights, prevention of job loss, letters, traces. */
import { createHash } from 'node:crypto';
import type { Attachment, Dmst, Pdp, Visit } from '#core/dmst';
import { addDays } from './calendar.ts';
import type { Random } from './random.ts';
import type { SickLeave } from './sick-leaves.ts';
import { doctorName, type Professional, type Service } from './staff.ts';

export function rightsOf(random: Random, first: Visit, hasPdp: boolean): NonNullable<Dmst['rights']> {
  const { date } = first;
  const consent = (kind: string, share: number, given: number) =>
    random.chance(share)
      ? [{ kind, given: random.chance(given), at: date, evidence: 'formulaire signé' }]
      : [];
  const opposition = random.weighted<NonNullable<NonNullable<Dmst['rights']>['oppositions']>>([
    [[], 95.5],
    [[{ right: 1, scope: 'médecin praticien correspondant', from: date }], 2],
    [[{ right: 2, from: date }], 1.5],
    [[{ right: 2, from: date, withdrawnAt: addDays(date, 20) }], 1],
  ]);
  return {
    informed: [
      {
        date,
        by: first.professional.name ?? first.professional.role,
        noticeVersion: `${date.slice(0, 4)}-01`,
      },
    ],
    oppositions: opposition,
    consents: [
      ...consent('TELESANTE', 0.2, 0.9),
      ...consent('DMP-READ', 0.3, 0.7),
      ...consent('DMP-VOLET', 0.3, 0.7),
      ...consent('ESMS', 0.1, 0.8),
      ...(hasPdp ? consent('AM-PDP', 0.9, 0.9) : []),
    ],
  };
}

/** Opened by a long leave, or for one worker in three recognised as disabled. */
export function pdpOf(random: Random, leaves: readonly SickLeave[], rqth: boolean, today: string): Pdp[] {
  const long = leaves.find(({ days, kind }) => days >= 90 && kind !== 'MATERNITE');
  const opened = long === undefined ? undefined : addDays(long.from, random.int(60, 80));
  const start = opened ?? (rqth && random.chance(0.33) ? addDays(today, -random.int(30, 400)) : undefined);
  if (start === undefined || start > today) return [];
  const closed = addDays(start, random.int(120, 500));
  return [
    {
      opened: start,
      stage: random.pick(['signalement', 'évaluation', 'plan de maintien', 'suivi']),
      partners: random.some(
        ['Cap emploi', 'Assurance maladie', 'Service social', 'Agefiph'],
        random.int(1, 2),
      ),
      plan: random.pick([
        'Aménagement ergonomique du poste, puis bilan à trois mois.',
        'Essai encadré de deux semaines sur un poste sans port de charges.',
        'Temps partiel thérapeutique et formation à un autre métier.',
      ]),
      essaiEncadre: random.chance(0.25),
      crpe: random.chance(0.08),
      ...(closed <= today ? { closed } : {}),
    },
  ];
}

export function lettersOf(
  random: Random,
  visit: Visit,
): { correspondence: NonNullable<Dmst['correspondence']>; attachments: Attachment[] } {
  if (!random.chance(0.08)) return { correspondence: [], attachments: [] };
  const { date, professional } = visit;
  const content = Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Courrier fictif du ${date}, n° ${random.int(1, 999_999)}</title></ClinicalDocument>\n`,
  );
  return {
    correspondence: [
      { date, from: professional.name ?? professional.role, to: doctorName(random), attachmentRef: 'P1' },
    ],
    attachments: [
      {
        id: 'P1',
        mime: 'application/xml',
        sha256: createHash('sha256').update(content).digest('hex'),
        title: 'Courrier au médecin traitant',
        date,
        content: content.toString('base64'),
      },
    ],
  };
}

const TOPICS = [
  'Risques du poste et moyens de prévention',
  'Gestes et postures',
  'Bruit et protections auditives',
  'Risque chimique',
  'Vaccinations conseillées',
  'Droit à la visite à la demande',
];

export function informationOf(
  random: Random,
  visits: readonly Visit[],
): NonNullable<Dmst['informationGiven']> {
  return visits
    .filter(() => random.chance(0.6))
    .map(({ date }) => ({
      date,
      topic: random.pick(TOPICS),
      support: random.pick(['entretien', 'brochure', 'affiche']),
    }));
}

export function thirdPartiesOf(random: Random): NonNullable<Dmst['thirdPartyInfo']> {
  return random.chance(0.03)
    ? [
        {
          about: random.pick(['collègue', 'famille', 'encadrant']),
          text: 'Situation d’un tiers évoquée en visite.',
        },
      ]
    : [];
}

export function auditTrailOf(
  random: Random,
  visits: readonly Visit[],
  { name }: Service,
  doctor: Professional,
) {
  return visits.map(({ date, professional }) => ({
    at: `${date}T${String(random.int(8, 17)).padStart(2, '0')}:${random.int(10, 59)}:${random.int(10, 59)}Z`,
    actor: professional.name ?? doctor.name,
    role: professional.role,
    action: 'écriture',
    spst: name,
  }));
}
