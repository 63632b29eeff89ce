/** The fifteen partners of the demo. Invented: structure ids begin like a FINESS (1) of a department that does not exist. */
export interface DemoPartner {
  id: string;
  /** O of its certificates */
  name: string;
  /** OU of its certificates: national structure id */
  structureId: string;
  /** encryption certificates it holds */
  readers: readonly ('enc' | 'enc-h')[];
  /** whether it entrusts its certificates of the health authority to Relais: INSi, mailbox, DMP, seal */
  insiMandate?: boolean;
  /** whether it seals what it says by INTEROPS, without any mandate */
  seal?: boolean;
}

const serviceOnly = ['enc'] as const;
const serviceAndHealth = ['enc', 'enc-h'] as const;

export const DEMO_PARTNERS: readonly DemoPartner[] = [
  {
    id: 'spsti-a',
    name: 'SPSTI A (fictif)',
    structureId: '1990000017',
    readers: serviceAndHealth,
    insiMandate: true,
  },
  {
    id: 'spsti-b',
    name: 'SPSTI B (fictif)',
    structureId: '1990000025',
    readers: serviceAndHealth,
    insiMandate: true,
  },
  { id: 'insi', name: 'INSi (simulateur)', structureId: '1990000033', readers: serviceOnly },
  { id: 'hdh', name: 'Plateforme de données (fictive)', structureId: '1990000041', readers: serviceOnly },
  { id: 'esms-1', name: 'ESMS 1 (fictif)', structureId: '1990000058', readers: serviceOnly },
  { id: 'dmp', name: 'DMP (simulateur)', structureId: '1990000066', readers: serviceOnly },
  { id: 'dares', name: 'DARES (simulateur)', structureId: '1990000074', readers: serviceOnly },
  { id: 'dgafp', name: 'DGAFP (simulateur)', structureId: '1990000082', readers: serviceOnly },
  { id: 'spf', name: 'Santé publique France (simulateur)', structureId: '1990000090', readers: serviceOnly },
  { id: 'gis-evrest', name: 'GIS Evrest (simulateur)', structureId: '1990000108', readers: serviceOnly },
  {
    id: 'cnam',
    name: 'CNAM (simulateur)',
    structureId: '1990000116',
    readers: serviceOnly,
    seal: true,
  },
  {
    id: 'cnam-medical',
    name: 'CNAM service médical (simulateur)',
    structureId: '1990000124',
    readers: serviceOnly,
    seal: true,
  },
  { id: 'portail', name: 'Portail (fictif)', structureId: '1990000132', readers: serviceOnly },
  { id: 'dgt', name: 'DGT (simulateur)', structureId: '1990000140', readers: serviceOnly },
  {
    id: 'internal-a',
    name: 'SPSTI A, usage interne (fictif)',
    structureId: '1990000017',
    readers: serviceOnly,
  },
];
