/** Generated patients, made to differ in everything that a CDA header can stumble on. */
import { insKey } from '#core';
import { CDA_CODES } from '#core/cda-codes';
import type { CdaDocument } from '#core/cda-document';
import { cdaPatientOf } from '#core/cda-patient';
import type { Dmst } from '#core/dmst';
import { exposureOnlyDmst, fullDmst, summaryDmst } from '../../apps/cli/src/generate/dmst.ts';
import { createWorld, take, type Worker } from '../../apps/cli/src/generate/world.ts';
import { pairwise } from './pairwise.ts';

const FACTORS = {
  sex: ['M', 'F', 'I'],
  ins: ['test NIR', 'NIR', 'NIA', 'none'],
  used: ['no', 'name', 'name and first name'],
  place: ['2A004', '2B033', '99352', '97411'],
  name: ['long', 'apostrophe', 'accents'],
  given: ['one', 'many', 'compound'],
  birth: ['leap day', 'of the century before', 'twin'],
  dossier: ['full', 'summary', 'exposure-only'],
  author: ['RPPS', 'no RPPS'],
} as const;

const OIDS = { 'test NIR': '10', NIR: '8', NIA: '9' } as const;
const NAMES = {
  long: `${'DE-LA-TRES-LONGUE-MAISON-'.repeat(3)}FICTIVE`,
  apostrophe: "D'ALMEIDA L'HÔTE-O'NEILL",
  accents: 'ŒUVRARD ÇELIK ÑÚÑEZ <&> "X"',
};
const GIVENS = {
  one: undefined,
  many: ['ZOE', 'MARIE', 'ANNE', 'LOUISE', 'JEANNE', 'PAULE'],
  compound: ['MARIE-ANGE', "N'DEYE FATOU"],
};
const BIRTHS = {
  'leap day': '1988-02-29',
  'of the century before': '1899-12-31',
  twin: '1990-07-14',
};

type Row = ReturnType<typeof pairwise<typeof FACTORS>>[number];

export interface CdaPatientCase {
  name: string;
  dmst: Dmst;
  document: CdaDocument;
}

export function cdaPatients(count: number): CdaPatientCase[] {
  const rows = pairwise(FACTORS);
  if (rows.length > 20) throw new RangeError(`twenty do not hold every pair: ${rows.length}`);
  const world = createWorld({ seed: 7 });
  return [...take(world.workers(), count)].map((worker, at) =>
    patient(worker, rows[at % rows.length] as Row, at, world.today, world.service),
  );
}

function patient(
  worker: Worker,
  row: Row,
  at: number,
  today: string,
  service: { siret: string; name: string },
): CdaPatientCase {
  const dmst = withTraits(dossierOf(worker, row, today), row, at);
  const uuid = (kind: number) => `00000000-0000-4000-8000-${String(kind)}${String(at).padStart(11, '0')}`;
  const number = row.ins === 'none' ? undefined : insOf(dmst, row, at);
  return {
    name: `patient-${String(at).padStart(3, '0')}`,
    dmst,
    document: {
      id: uuid(1),
      setId: uuid(2),
      version: 1,
      type: CDA_CODES.types.summary,
      title: 'Synthèse du dossier médical en santé au travail',
      at: `${today}T10:00:00.000Z`,
      confidentiality: 'N',
      patient: cdaPatientOf(
        dmst.identity,
        number && {
          outcome: 'found',
          status: 'QUAL',
          ins: number,
          attributes: [],
          reasons: [],
          inDoubt: false,
          verifiedAt: `${today}T08:00:00.000Z`,
        },
      ),
      author: {
        ...(row.author === 'RPPS' ? { rpps: '19990000015' } : { localId: 'MT-12' }),
        family: 'PATRON',
        given: 'Anne',
        profession: CDA_CODES.professions.occupationalPhysician,
      },
      organization: { name: service.name, siret: service.siret },
      act: { from: today },
      sector: CDA_CODES.sectors.SA66,
      practiceSetting: CDA_CODES.practiceSettings.ambulatory,
    },
  };
}

function dossierOf(worker: Worker, { dossier }: Row, today: string): Dmst {
  if (dossier === 'full') return fullDmst(worker);
  return dossier === 'summary' ? summaryDmst(worker, today) : exposureOnlyDmst(worker);
}

function withTraits(dmst: Dmst, row: Row, at: number): Dmst {
  const { usedName: _, usedFirstName: __, ...identity } = dmst.identity;
  const firstNames = GIVENS[row.given] ?? identity.firstNames.slice(0, 1);
  return {
    ...dmst,
    identity: {
      ...identity,
      sex: row.sex,
      birthName: NAMES[row.name],
      // twins share all but this
      firstNames: row.birth === 'twin' ? [`JUMEAU-${at % 2 === 0 ? 'A' : 'B'}`, ...firstNames] : firstNames,
      birthDate: BIRTHS[row.birth],
      birthPlace: row.place,
      ...(row.used === 'no' ? {} : { usedName: 'DUPONT-MODÈLE' }),
      ...(row.used === 'name and first name' ? { usedFirstName: 'ZÉ' } : {}),
    },
  };
}

function insOf({ identity }: Dmst, { ins, place }: Row, at: number) {
  const { sex, birthDate } = identity;
  const head = `${sex === 'F' ? 2 : 1}${birthDate.slice(2, 4)}${birthDate.slice(5, 7)}`;
  const value = `${head}${place}${String(at + 1).padStart(3, '0')}`;
  return { value, key: insKey(value) ?? '', oid: `1.2.250.1.213.1.4.${ins === 'none' ? '' : OIDS[ins]}` };
}

/** A dossier whose every entry lacks what it may lack, and has what it may have: what a person fills in by hand. */
export function sparseDmst(dmst: Dmst): Dmst {
  const kinds = ['PERSO', 'PRO', 'FAM', 'CHIR', 'ALLERGIE'];
  return {
    ...dmst,
    history: kinds.flatMap((kind) => [
      { kind, label: `${kind} sans rien` },
      { kind, label: `${kind} dont seule la fin est connue`, end: '2011' },
      { kind, label: `${kind} d’un mois`, onset: '2010-01', end: '2010-02', code: 'Z88.0' },
      { kind, label: `${kind} codé`, onset: '2010-01-15', code: 'J45' },
    ]),
    occupationalEvents: [
      { type: 'AT', date: '2012-09-03' },
      { type: 'MP', date: '2013-01-02', recognised: false },
      { type: 'MP', date: '2014-01-02', label: 'Surdité', cim10: 'H83.3', tableMP: 'RG 42', ipp: 12.5 },
    ],
    treatments: [
      { label: 'Sans rien' },
      { label: 'Fini', from: '2020', to: '2021-02' },
      { label: 'En cours', code: 'R03AC02', from: '2020-01-01' },
    ],
    vaccinations: [
      { vaccine: 'Sans code', date: '2020-02-02' },
      {
        vaccine: 'ATC',
        code: 'J07CA02',
        date: '2020-02-02',
        lot: 'L1',
        rank: 'rappel',
        nextDue: '2040-02-02',
      },
      { vaccine: 'CIS', code: '60234100', date: '2021-02-02' },
    ],
    lifestyle: { alcohol: 0 },
    exams: [
      { date: '2020-02-02', label: 'Audiométrie', series: [{ label: '4 kHz', value: 35 }] },
      { date: '2020-02-02', label: 'Plombémie', value: 0, unit: 'µg/L', interpretation: 'normale' },
    ],
    outputs: [
      { type: 'AMEN', date: '2024-02-02', restrictions: [{ label: 'pas de port de charges' }] },
      { type: 'INAP', date: '2025-02-02', text: 'Ligne 1\nLigne 2 <&>' },
    ],
  };
}
