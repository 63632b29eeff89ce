/** `docs/flows/<flow>.md`: a contract as a person reads it, in French. Nothing is written here that the contract does not say. */
import { contractHash } from '#contracts';
import {
  type AfterCheck,
  type Contract,
  contractFolder,
  ERROR_CODES,
  type ErrorCode,
  eventType,
  type Flow,
  type GateName,
  type ObjectContract,
  type PartnerKind,
} from '#core';

/** code of a rule → bad samples that show it */
export type Findings = ReadonlyMap<string, readonly string[]>;

const KINDS: Readonly<Record<PartnerKind, string>> = {
  spsti: 'SPSTI',
  insi: 'INSi',
  hdh: 'Health Data Hub',
  esms: 'ESMS',
  dmp: 'DMP',
  dares: 'DARES',
  dgafp: 'DGAFP',
  spf: 'Santé publique France',
  'gis-evrest': 'GIS Evrest',
  cnam: 'CNAM',
  'cnam-medical': 'service médical de la CNAM',
  portal: 'portail',
  dgt: 'DGT',
  internal: 'professionnels du service',
};
const IDENTITIES: Readonly<Record<ObjectContract['identity'], string>> = {
  none: 'pas vérifiée : l’objet ne porte personne, ou est lui-même la vérification',
  verify: 'vérifiée auprès d’INSi pour le service qui envoie ; en doute, le message attend une personne',
  'subject-of-exchange': 'celle de la demande à laquelle ceci répond',
};
/** Asked in the name of a service: of whoever receives where the sender is none. */
function identityOf({ identity, senders }: ObjectContract): string {
  const says = IDENTITIES[identity];
  return senders.includes('spsti') ? says : says.replace('qui envoie', 'qui reçoit');
}
const PLACES: Readonly<Record<ObjectContract['transform']['at'], string>> = {
  sender: 'chez l’expéditeur',
  broker: 'dans Relais',
  none: 'nulle part',
};
const SHAPES: Readonly<Record<AfterCheck['shapes'][number], string>> = {
  ins: 'un nombre de la forme d’un matricule',
  email: 'une adresse électronique',
  phone: 'un numéro de téléphone',
};
const GATE_CODES: Readonly<Record<GateName, ErrorCode>> = {
  'non-opposition': 'gate.non-opposition-missing',
  information: 'gate.information-missing',
  consent: 'gate.consent-missing',
  'opposition-list': 'gate.opposition-list-missing',
  campaign: 'gate.campaign-closed',
  sampling: 'gate.out-of-sample',
  competence: 'gate.not-competent',
  'identity-status': 'gate.identity-status',
};
const RECEIPTS: Readonly<Record<ObjectContract['retention']['sealedUntil'], string>> = {
  received: 'réception',
  opened: 'ouverture',
  filed: 'versement au dossier',
};

/** @param files names of the schemas that stand in a file; the others are made of them, `GET /v1/flows` shows them */
export function flowPage(flow: Flow, findings: Findings, files: readonly string[]): string {
  const { contract, schemas } = flow;
  const objects = Object.entries(contract.objects);
  return [
    `# \`${contract.flow}\` : ${contract.title}`,
    '',
    `Écrit d’après [le contrat](../../contracts/${contractFolder(contract)}/contract.ts) par \`npm test -- test/house -u\`. Version ${contract.version},`,
    `condensat \`${contractHash({ contract, schemas })}\` : celui que le journal garde de chaque message accepté.`,
    '',
    ...table(
      ['objet', 'de', 'vers', 'formats', 'taille', 'priorité'],
      objects.map(([object, { title, senders, recipients, mediaTypes, maxBytes, priority }]) => [
        `[\`${object}\`](#${anchor(object, title)}) ${title}`,
        senders.length === 0 ? 'Relais' : kindNames(senders),
        `${kindNames(recipients.kinds)}${recipients.max === 1 ? '' : ` (${recipients.max} au plus)`}`,
        mediaTypes.map((type) => `\`${type}\``).join(', '),
        bytes(maxBytes),
        priority === 'interactive' ? 'immédiate' : 'en nombre',
      ]),
    ),
    '',
    ...objects.flatMap(([object, one]) => objectSection(contract, object, one, files)),
    '## Règles du contenu',
    '',
    'Chacune est montrée par un exemple refusé ; celles de forme (`schema.…`) viennent des schémas.',
    '',
    ...table(
      ['règle', 'exemples refusés'],
      [...findings]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([code, samples]) => [
          `\`${code}\``,
          samples
            .map(
              (sample) =>
                `[${sample}](../../contracts/${contractFolder(contract)}/samples/invalid/${sample}.${extensionOf(contract, sample)})`,
            )
            .join(', '),
        ]),
    ),
    '',
    ...circumstances(contract),
    '## D’où vient la règle',
    '',
    ...contract.sources.map((source) => `- ${source}`),
    '',
  ].join('\n');
}

/** When and where the flow is open. */
function circumstances({ campaign, feature }: Contract): string[] {
  return [
    ...(campaign === undefined
      ? []
      : [
          `Campagne proposée : \`${campaign.id}\`, du ${campaign.opensAt.slice(0, 10)} au ${campaign.closesAt.slice(0, 10)} ; une installation en fixe d’autres par \`RELAIS_CAMPAIGNS\`.`,
          '',
        ]),
    ...(feature === undefined
      ? []
      : [`Flux fermé tant que l’installation ne l’ouvre pas : \`RELAIS_FEATURES=${feature}\`.`, '']),
  ];
}

function objectSection(
  contract: Contract,
  object: string,
  one: ObjectContract,
  files: readonly string[],
): string[] {
  const { opens, retention, transform } = one;
  const codes = codesOf(one);
  return [
    `## \`${object}\` : ${one.title}`,
    '',
    ...table(
      ['', ''],
      [
        ['type', `\`${eventType(contract.flow, object, one.major)}\``],
        ['schéma', schemaOf(contractFolder(contract), one, files)],
        [
          'attributs exigés',
          one.requires.length === 0 ? 'aucun de plus' : one.requires.map((name) => `\`${name}\``).join(', '),
        ],
        ...(one.business === undefined
          ? []
          : [
              [
                'objet métier',
                `${one.business.object} : ${one.business.detail} (${one.business.confidentiality})`,
              ],
            ]),
        ['identité', identityOf(one)],
        [
          'conditions',
          one.gates.length === 0 ? 'aucune' : one.gates.map(({ gate }) => `\`${gate}\``).join(', '),
        ],
        ['transformation', `${PLACES[transform.at]} : ${one.transformLabel}`],
        [
          'retiré',
          transform.removes.length === 0
            ? 'rien'
            : transform.removes.map((pointer) => `\`${pointer}\``).join(', '),
        ],
        ...(one.afterCheck === undefined
          ? []
          : [['refusé si l’on y trouve', one.afterCheck.shapes.map((shape) => SHAPES[shape]).join(', ')]]),
        ...(one.pooled === undefined
          ? []
          : [
              [
                'mesuré ensemble',
                `à la fin de la campagne, toutes les lignes de tous les services : k ≥ ${one.pooled.k} sur ${one.pooled.quasiIdentifiers.map((name) => `\`${name}\``).join(', ')}`,
              ],
            ]),
        [
          'lu par',
          one.audience === 'enc'
            ? 'le service (`enc`)'
            : 'les professionnels de santé (`enc-h`), le service pour sa part',
        ],
        ['remise', `abandonnée après ${hours(one.lifeHours)} ; morte, rejouable ${days(one.replayDays)}`],
        [
          'copie chiffrée',
          `jusqu’à l’accusé de ${RECEIPTS[retention.sealedUntil]}, ${days(retention.sealedDays)} au plus`,
        ],
        ...(one.onPages === true
          ? [['pages', 'copie gardée pour les pages de Relais d’un partenaire qui les a (`pages`)']]
          : []),
        ...(one.orderKey === undefined ? [] : [['ordre gardé par', `\`${one.orderKey}\``]]),
        ...(one.discreet === true ? [['discrétion', 'refus de même taille, remis à heures communes']] : []),
        ...(one.reportsOpening === undefined
          ? []
          : [['ouverture', `dite aux deux services par \`${one.reportsOpening}\``]]),
        ...(codes.length === 0
          ? []
          : [['refus propres', codes.map((code) => `\`${code}\` (${ERROR_CODES[code][0]})`).join(', ')]]),
      ],
    ),
    '',
    ...(opens === undefined
      ? []
      : [
          'Ouvre un échange :',
          '',
          ...table(
            ['horloge', 'délai'],
            [
              ['prise en charge', hours(opens.acknowledgeWithinHours)],
              [
                `rappel${opens.remindedBy === undefined ? '' : ` (\`${opens.remindedBy}\`)`}`,
                hours(opens.reminderAfterHours),
              ],
              [
                `réponse (\`${opens.answeredBy}\`${opens.refusedBy === undefined ? '' : ` ou \`${opens.refusedBy}\``})`,
                hours(opens.answerWithinHours),
              ],
              ['expiration', hours(opens.expiresAfterHours)],
            ],
          ),
          '',
        ]),
  ];
}

/** of the file of a sample, `<object>.<name>` */
function extensionOf({ objects }: Flow['contract'], sample: string): string {
  return objects[sample.split('.')[0] ?? '']?.bulk === undefined ? 'json' : 'ndjson';
}

function schemaOf(
  folder: string,
  { schema, bulk, acknowledges, senders }: ObjectContract,
  files: readonly string[],
): string {
  const link = (name: string) =>
    files.includes(name)
      ? `[${name}.json](../../contracts/${folder}/schemas/${name}.json)`
      : `\`${name}\` (\`GET /v1/flows/${folder.split('/')[0]}\`)`;
  if (bulk !== undefined) {
    const { header, onBadLine } = bulk;
    const first = header === undefined ? '' : `première ligne ${link(header)}, puis `;
    const bad =
      onBadLine === 'skip' ? 'une ligne refusée n’arrête pas le lot' : 'une ligne refusée refuse le lot';
    return `NDJSON : ${first}${link(bulk.schema)} par ligne ; ${bad}`;
  }
  if (schema === undefined) return 'aucun';
  if (schema === 'reminder' && senders.length === 0)
    return 'rappel de Relais, le même dans tous les flux : quel échange, de qui, jusqu’à quand';
  return acknowledges === true
    ? 'accusé fonctionnel, le même dans tous les flux ; ses codes sont dans `GET /v1/flows`'
    : link(schema);
}

/** Codes of the closed list that this object may meet beyond those of any message. */
function codesOf({ senders, identity, gates, answers, maxBytes, mediaTypes }: ObjectContract): ErrorCode[] {
  // what Relais says itself is refused by nobody
  if (senders.length === 0) return [];
  return [
    ...(identity === 'verify' ? (['identity.invalid', 'identity.in-doubt'] as const) : []),
    ...gates.map(({ gate }) => GATE_CODES[gate]),
    ...(answers === true ? (['exchange.unknown', 'exchange.closed'] as const) : []),
    ...(mediaTypes.includes('application/pdf') ? (['content.active'] as const) : []),
    ...(maxBytes < 50_000_000 ? (['body.too-large'] as const) : []),
  ];
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)];
}

export const kindNames = (some: readonly PartnerKind[]) => some.map((kind) => KINDS[kind]).join(', ');
const days = (n: number) => (n === 1 ? '1 jour' : `${n} jours`);
const hours = (n: number) => (n >= 48 && n % 24 === 0 ? days(n / 24) : `${n} h`);

function bytes(n: number): string {
  if (n >= 1_000_000) return `${Number((n / 1_000_000).toFixed(1)).toLocaleString('fr')} Mo`;
  return `${Number((n / 1_000).toFixed(1)).toLocaleString('fr')} ko`;
}

/** GitHub's anchor of the heading of an object. */
function anchor(object: string, title: string): string {
  return `${object} : ${title}`
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}
