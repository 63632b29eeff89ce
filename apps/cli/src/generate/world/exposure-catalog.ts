/** What people are exposed to at work. Codes are invented (`FICT-…`): the published thesaurus (TEP) is not copied. */
import type { Exposure } from '#core/dmst';

export interface ExposureKind {
  tepCode: string;
  label: string;
  /** one of the ten factors of L.4161-1 */
  l4161Factor?: string;
  /** makes the follow-up reinforced (SIR) */
  sirTrigger?: string;
  /** makes the follow-up adapted (SIA) */
  siaTrigger?: 'NUIT' | 'BIO2' | 'CEM';
  collective?: readonly string[];
  ppe?: readonly string[];
  /** mean and deviation of what is measured */
  measure?: { unit: string; mean: number; deviation: number; limit: number };
}

const kind = (tepCode: string, label: string, rest: Omit<ExposureKind, 'tepCode' | 'label'> = {}) => ({
  tepCode: `FICT-${tepCode}`,
  label,
  ...rest,
});

const GLOVES = ['gants adaptés'] as const;
const MASK = ['appareil de protection respiratoire FFP3'] as const;

export const EXPOSURES = {
  screen: kind('O1001', 'Travail sur écran'),
  workload: kind('R1001', 'Forte charge de travail et interruptions fréquentes'),
  public: kind('R1002', 'Contact avec le public, tensions et incivilités'),
  emotional: kind('R1003', 'Exigences émotionnelles, confrontation à la souffrance'),
  standing: kind('M1001', 'Station debout prolongée'),
  seat: kind('M1004', 'Posture assise prolongée, conduite'),
  postures: kind('M1002', 'Postures contraignantes (bras en l’air, accroupi)', { l4161Factor: 'POSTURES' }),
  repetitive: kind('M1003', 'Gestes répétitifs à cadence imposée', { l4161Factor: 'REPETITIF' }),
  loads: kind('M2001', 'Manutention manuelle de charges', {
    l4161Factor: 'MANUTENTION',
    collective: ['aides à la manutention'],
  }),
  patients: kind('M2002', 'Manutention de personnes', {
    l4161Factor: 'MANUTENTION',
    collective: ['lève-personne'],
  }),
  noise: kind('P1001', 'Bruit', {
    l4161Factor: 'BRUIT',
    collective: ['capotage des machines'],
    ppe: ['bouchons moulés'],
    measure: { unit: 'dB(A)', mean: 83, deviation: 3, limit: 87 },
  }),
  handVibration: kind('P2001', 'Vibrations transmises aux mains et aux bras', {
    l4161Factor: 'VIBRATIONS',
    measure: { unit: 'm/s2', mean: 2.6, deviation: 0.8, limit: 5 },
  }),
  bodyVibration: kind('P2002', 'Vibrations transmises au corps entier', {
    l4161Factor: 'VIBRATIONS',
    measure: { unit: 'm/s2', mean: 0.45, deviation: 0.15, limit: 1.15 },
  }),
  cold: kind('P3001', 'Travail au froid (chambres froides)', {
    l4161Factor: 'TEMPERATURES',
    ppe: ['vêtements isolants'],
  }),
  heat: kind('P3002', 'Travail à la chaleur', { l4161Factor: 'TEMPERATURES' }),
  night: kind('T1001', 'Travail de nuit', { l4161Factor: 'NUIT', siaTrigger: 'NUIT' }),
  shifts: kind('T1002', 'Équipes successives alternantes', { l4161Factor: 'EQUIPES' }),
  fields: kind('P5001', 'Champs électromagnétiques au-delà des valeurs limites', { siaTrigger: 'CEM' }),
  bio2: kind('B1001', 'Agents biologiques du groupe 2', { siaTrigger: 'BIO2', ppe: GLOVES }),
  bio34: kind('B1002', 'Agents biologiques des groupes 3 et 4', {
    sirTrigger: 'BIO34',
    ppe: [...GLOVES, ...MASK],
  }),
  cleaning: kind('C1001', 'Produits de nettoyage et de désinfection', {
    l4161Factor: 'CHIMIQUES',
    ppe: GLOVES,
  }),
  hairCare: kind('C1002', 'Produits capillaires sensibilisants', { l4161Factor: 'CHIMIQUES', ppe: GLOVES }),
  flour: kind('C1003', 'Poussières de farine', { collective: ['aspiration au pétrin'] }),
  solvents: kind('C1004', 'Solvants organiques', {
    l4161Factor: 'CHIMIQUES',
    collective: ['cabine ventilée'],
    ppe: GLOVES,
  }),
  exhaust: kind('C2001', 'Gaz d’échappement de moteurs diesel', {
    l4161Factor: 'CHIMIQUES',
    sirTrigger: 'CMR',
    collective: ['captage à la source'],
  }),
  welding: kind('C2002', 'Fumées de soudage', {
    l4161Factor: 'CHIMIQUES',
    sirTrigger: 'CMR',
    collective: ['torche aspirante'],
    ppe: MASK,
    measure: { unit: 'mg/m3', mean: 1.8, deviation: 0.9, limit: 5 },
  }),
  cutting: kind('C2003', 'Brouillards de fluides de coupe', {
    l4161Factor: 'CHIMIQUES',
    sirTrigger: 'CMR',
    collective: ['aspiration à la source'],
    ppe: GLOVES,
    measure: { unit: 'mg/m3', mean: 0.4, deviation: 0.15, limit: 0.5 },
  }),
  silica: kind('C2004', 'Poussières de silice cristalline', {
    l4161Factor: 'CHIMIQUES',
    sirTrigger: 'CMR',
    collective: ['travail à l’humide'],
    ppe: MASK,
    measure: { unit: 'mg/m3', mean: 0.05, deviation: 0.02, limit: 0.1 },
  }),
  wood: kind('C2005', 'Poussières de bois', {
    l4161Factor: 'CHIMIQUES',
    sirTrigger: 'CMR',
    collective: ['aspiration des machines'],
    ppe: MASK,
    measure: { unit: 'mg/m3', mean: 0.6, deviation: 0.25, limit: 1 },
  }),
  cytotoxics: kind('C2006', 'Médicaments cytotoxiques', { sirTrigger: 'CMR', ppe: GLOVES }),
  asbestos: kind('C3001', 'Amiante (interventions en sous-section 4)', {
    l4161Factor: 'CHIMIQUES',
    sirTrigger: 'AMIANTE',
    collective: ['travail à l’humide'],
    ppe: MASK,
  }),
  lead: kind('C3002', 'Plomb et ses composés', {
    l4161Factor: 'CHIMIQUES',
    sirTrigger: 'PLOMB',
    collective: ['décapage par voie humide'],
    ppe: [...GLOVES, ...MASK],
  }),
  ionising: kind('P4001', 'Rayonnements ionisants', {
    sirTrigger: 'RAYONNEMENTS',
    collective: ['écrans plombés'],
    ppe: ['tablier plombé'],
  }),
  scaffold: kind('S1001', 'Montage et démontage d’échafaudages', {
    sirTrigger: 'ECHAFAUDAGE',
    ppe: ['harnais antichute'],
  }),
  height: kind('S1002', 'Travail en hauteur', { collective: ['garde-corps'], ppe: ['harnais antichute'] }),
  driving: kind('S2001', 'Conduite d’engins ou de véhicules'),
  electricity: kind('S2002', 'Travaux au voisinage d’installations électriques'),
} as const satisfies Record<string, ExposureKind>;

export type ExposureName = keyof typeof EXPOSURES;

export const DURATIONS: readonly (readonly [NonNullable<Exposure['durationClass']>, number])[] = [
  ['<2h', 20],
  ['2-10h', 35],
  ['10-20h', 25],
  ['>=20h', 20],
];
