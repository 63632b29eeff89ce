/** The ledger as a person reads it. */
import type { Ledger } from '#core';
import { adds, type Balance, type Trouble, type TroubleCode } from './balance.ts';

const ROWS: readonly [keyof Ledger, string][] = [
  ['accepted', 'acceptées (au journal)'],
  ['delivered', '= remises'],
  ['refused', '+ refusées'],
  ['held', '+ retenues'],
  ['dead', '+ mortes'],
  ['expired', '+ expirées'],
  ['cancelled', '+ annulées'],
  ['waiting', '+ en attente'],
];

const TROUBLES: Readonly<Record<TroubleCode, string>> = {
  'receipt-unknown': 'récépissé gardé par l’expéditeur, message absent de la base',
  'journalled-unknown': 'accepté au journal, absent de la base',
  'purged-unforgotten': 'acceptations purgées avec un mois du journal, sans que le message ait été oublié',
  'not-received': 'remis selon la base, absent du fichier du destinataire',
  stranded: 'en attente, mais aucun travail ne l’attend',
  'receipt-differs': 'récépissé d’un autre expéditeur ou d’un autre identifiant',
  'not-journalled': 'dans la base, acceptation absente du journal',
  'received-unknown': 'reçu, mais jamais accepté pour ce destinataire',
  'received-though': 'reçu, alors que la base dit autre chose',
  unmarked: 'remis deux fois sans que la seconde le dise',
  'handled-twice': 'traité deux fois par le destinataire',
};

/** troubles of one kind shown in full; the rest is in --json */
const SHOWN = 20;
const LABEL = 46;
const COLUMN = 14;

export function report(result: Balance, files: { sent: number; received: number }): string {
  const { partners, own, compared, lost, unexplained, twice, balanced } = result;
  const row = (label: string, ...values: (number | string)[]) =>
    `  ${label.padEnd(LABEL)}${values.map((value) => String(value).padStart(COLUMN)).join('')}`;
  const verdict = (ledger: Ledger) => (adds(ledger) ? 'juste' : 'FAUX');
  return [
    'Grand livre : une unité = un message pour un destinataire',
    '',
    row('', 'partenaires', 'Relais, INSi'),
    ...ROWS.map(([state, label]) => row(label, partners[state], own[state])),
    row('l’équation est', verdict(partners), verdict(own)),
    '',
    files.sent + files.received === 0
      ? 'Comparé à rien : la base seule ne prouve pas qu’il ne manque rien (--sent, --received).'
      : `Comparé à ${files.sent} dossier(s) de récépissés et ${files.received} fichier(s) de réception`,
    ...(files.sent === 0 ? [] : [row('récépissés gardés par les expéditeurs', compared.receipts)]),
    ...(files.received === 0
      ? []
      : [
          row('messages reçus par les destinataires', compared.received),
          row('répétitions annoncées comme telles', compared.repeats),
          row('remises sans fichier ici, ou par un canal', compared.deliveredElsewhere),
        ]),
    row('perdues', lost.length),
    row('inexpliquées', unexplained.length),
    row('remises deux fois sans marque', twice.length),
    ...[...lost, ...unexplained, ...twice].slice(0, SHOWN).map(described),
    ...(lost.length + unexplained.length + twice.length > SHOWN ? ['  … la suite avec --json'] : []),
    '',
    balanced ? 'Le compte est bon.' : 'LE COMPTE N’EST PAS BON.',
    '',
  ].join('\n');
}

function described({ code, messageId, partner }: Trouble): string {
  return `    ${messageId} ${partner.padEnd(10)} ${TROUBLES[code]}`;
}
