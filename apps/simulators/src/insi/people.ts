/** Who the simulator knows: the invented people of the INSi test platform, and those it is taught. */

export interface Matricule {
  value: string;
  key: string;
  oid: string;
  /** DateDeb and DateFin, where the platform gives them */
  from?: string;
  to?: string;
}

/** How an answer is dressed. The real platform uses all of these, sometimes against its own XSD. */
export interface Dress {
  /** prefix of Body under a `soap:Envelope` */
  body: 'soap' | 'S' | 'env';
  /** prefix of RESULTAT; '' = default namespace */
  result: '' | 'ns2';
  /** indented, with comments between elements */
  pretty?: boolean;
  /** DateDeb and DateFin before IdIndividu */
  datesFirst?: boolean;
  /** also the single Prenom beside ListePrenom */
  firstName?: boolean;
  typeMatricule?: boolean;
}

export interface SimulatedIdentity {
  traits: {
    birthName: string;
    firstNames: readonly string[];
    sex: 'M' | 'F';
    birthDate: string;
    birthPlace: string;
  };
  ins: Matricule;
  history?: readonly Matricule[];
  dress?: Dress;
}

export interface SearchedTraits {
  birthName: string;
  firstNames: readonly string[];
  sex: string;
  birthDate: string;
  birthPlace?: string;
}

const NIR = '1.2.250.1.213.1.4.8';
const NIA = '1.2.250.1.213.1.4.9';

const ENV: Dress = { body: 'env', result: '' };
const S: Dress = { body: 'S', result: '' };
const PRETTY: Dress = { body: 'S', result: '', pretty: true, firstName: true };
const NS2: Dress = { body: 'soap', result: 'ns2', typeMatricule: true };

function person(
  names: string,
  sex: 'M' | 'F',
  birthDate: string,
  birthPlace: string,
  matricules: readonly (readonly [value: string, key: string])[],
  more: { dress: Dress; oid?: string; period?: { from: string; to: string } },
): SimulatedIdentity {
  const [birthName = '', ...firstNames] = names.split(/[,\s]+/);
  const { dress, oid = NIR, period } = more;
  const [ins, ...history] = matricules.map(([value, key]) => ({ value, key, oid })) as [
    Matricule,
    ...Matricule[],
  ];
  const [first, ...others] = history;
  return {
    traits: { birthName, firstNames, sex, birthDate, birthPlace },
    ins,
    history: first === undefined ? [] : [{ ...first, ...period }, ...others],
    dress,
  };
}

/** Test identities of the INSi platform; HERMANN's keys are as wrong there as here. */
export const TEST_PEOPLE: readonly SimulatedIdentity[] = [
  person('ADRUN, ZOE', 'F', '1975-12-31', '63220', [['2751263220749', '74']], { dress: NS2 }),
  person('ADRTROIS, DOMINIQUE', 'F', '1997-02-26', '2A020', [['297022A020778', '78']], { dress: ENV }),
  person('ADRTROIS, TOUSSAINT', 'M', '1960-01-01', '2B020', [['160012B020777', '13']], { dress: ENV }),
  person('ADRDEUX, LAURENT', 'M', '1981-01-01', '63220', [['1810163220751', '40']], { dress: S }),
  person('TCHITCHI, CATARINA BELLA', 'F', '1936-06-21', '63220', [['2360663220836', '56']], { dress: ENV }),
  person(
    'ECETINSI, PIERRE-ALAIN MURIEL FLORIANT',
    'M',
    '2009-07-14',
    '63220',
    [
      ['1090763220834', '89'],
      ['2090763220834', '39'],
      ['2090663220123', '55'],
    ],
    { dress: { ...S, datesFirst: true }, period: { from: '2019-03-01', to: '2019-02-28' } },
  ),
  person('PROVISOIRE, MATRICULE', 'M', '2009-07-01', '63220', [['1090763220888', '35']], {
    dress: PRETTY,
    oid: NIA,
  }),
  person(
    'CORSE, ANTHONY',
    'M',
    '1980-03-02',
    '2B020',
    [
      ['180032B020401', '23'],
      ['180032B020401', '23'],
    ],
    { dress: PRETTY },
  ),
  person(
    'HERMANN, GATIEN',
    'M',
    '1981-03-24',
    '63220',
    [
      ['1810363220456', '60'],
      ['1810363220456', '60'],
      ['2810363220456', '10'],
    ],
    { dress: PRETTY },
  ),
  person('NESSI, MICHELANGELO ANTHONY', 'M', '2010-08-07', '63220', [['1100863220830', '60']], {
    dress: NS2,
  }),
];

export type Found = SimulatedIdentity | 'none' | 'several' | 'fault';

/** The people of one simulator: those of the platform, then those it learnt. */
export class People {
  readonly #learnt = new Map<string, SimulatedIdentity>();

  /** From now on this invented person is found too; the same matricule again replaces it. */
  learn(identity: SimulatedIdentity): void {
    const { birthName, firstNames } = identity.traits;
    if (![birthName, ...firstNames].every((name) => /^[A-Z' -]+$/.test(name))) {
      throw new Error('INSi holds names in capitals without accents: normalise them before learn()');
    }
    this.#learnt.set(identity.ins.value, identity);
  }

  search(asked: SearchedTraits): Found {
    const special = specialCase(asked);
    if (special !== undefined) return special;
    const found = this.#all().filter(({ traits }) => matches(traits, asked));
    return found.length > 1 ? 'several' : (found[0] ?? 'none');
  }

  /** A card's own matricule decides; without one (a child's card line), name and date. */
  searchByCard(asked: { birthName: string; birthDate: string; matricule?: string }): Found {
    const found = this.#all().filter(
      ({ traits, ins }) =>
        traits.birthName === asked.birthName &&
        traits.birthDate === asked.birthDate &&
        (asked.matricule === undefined || asked.matricule === ins.value),
    );
    return found.length > 1 ? 'several' : (found[0] ?? 'none');
  }

  confirms(ins: { value: string; key: string; oid: string }, asked: SearchedTraits): boolean {
    return this.#all().some(
      (known) =>
        known.ins.value === ins.value &&
        known.ins.key === ins.key &&
        known.ins.oid === ins.oid &&
        known.traits.firstNames[0] === asked.firstNames[0] &&
        matches(known.traits, asked),
    );
  }

  #all(): SimulatedIdentity[] {
    return [...TEST_PEOPLE, ...this.#learnt.values()];
  }
}

function specialCase({ birthName, firstNames }: SearchedTraits): 'several' | 'fault' | undefined {
  const named = (name: string, first: string): boolean => birthName === name && firstNames.includes(first);
  if (named('DE VINCI', 'LEONARDO')) return 'several';
  return named('DE VINCI', 'RUTH') || named("D'AEION", 'COEUR') ? 'fault' : undefined;
}

function matches(traits: SimulatedIdentity['traits'], asked: SearchedTraits): boolean {
  return (
    traits.birthName === asked.birthName &&
    traits.sex === asked.sex &&
    traits.birthDate === asked.birthDate &&
    asked.firstNames.every((name) => traits.firstNames.includes(name)) &&
    (asked.birthPlace === undefined || asked.birthPlace === traits.birthPlace)
  );
}
