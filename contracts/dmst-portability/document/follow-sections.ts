/** The rest of items 4 to 7, each shown when there is something to show, and the rights always. */
import type { Section } from '#core';
import { frenchDate } from '#core';
import type { Dmst, Pdp } from '#core/dmst';
import { CONSENTS, word } from '#core/dmst-words';
import { day, facts, joined, list, newestFirst, quantity, section, table, whenAny, yesNo } from './blocks.ts';

/** Older entries stay in the embedded data. */
const TRAIL_SHOWN = 20;

export function followSections(dmst: Dmst): Section[] {
  const { lifestyle } = dmst;
  return [
    ...whenAny(lifestyle && Object.keys(lifestyle), () =>
      section(
        'Mode de vie',
        facts(
          ['Tabac', quantity(lifestyle?.tobacco, 'paquets-année')],
          ['Alcool (AUDIT-C)', quantity(lifestyle?.alcohol, '/ 12')],
          ['Activité physique', lifestyle?.sport],
        ),
      ),
    ),
    ...whenAny(dmst.workLink, () => workLink(dmst)),
    ...whenAny(dmst.exposureStatements, () =>
      section(
        'États des lieux des expositions',
        list(
          (dmst.exposureStatements ?? []).map((item) =>
            joined(
              [
                `${item.type === 'VFIN' ? 'Fin de carrière' : 'Post-exposition'}, ${frenchDate(item.date)}`,
                item.text,
              ],
              ' : ',
            ),
          ),
          '',
        ),
      ),
    ),
    ...whenAny(dmst.dosimetry, () =>
      section(
        'Dosimétrie',
        table(
          ['Période', 'Dose efficace', 'Source'],
          (dmst.dosimetry ?? []).map((item) => [
            day(item.period),
            quantity(item.effectiveDose, 'mSv'),
            item.source,
          ]),
          '',
        ),
      ),
    ),
    ...whenAny(dmst.pdp, () =>
      section('Prévention de la désinsertion professionnelle', ...(dmst.pdp ?? []).map(pdpFacts)),
    ),
    ...whenAny(dmst.correspondence, () => correspondence(dmst)),
    ...whenAny(dmst.attachments, () =>
      section(
        'Pièces jointes',
        table(
          [
            ['Date', 1],
            ['Titre', 4],
            ['Pages', 1],
          ],
          (dmst.attachments ?? []).map((item) => [day(item.date), item.title, quantity(item.pages)]),
          '',
        ),
      ),
    ),
    rights(dmst),
    ...whenAny(dmst.auditTrail, () => trail(dmst)),
    ...whenAny(dmst.closure && [dmst.closure], () =>
      section(
        'Conservation',
        facts(
          ['Dernière visite', day(dmst.closure?.lastVisitAt)],
          ['Fin de conservation dans le service d’origine', day(dmst.closure?.retentionEnd)],
          ['Règle particulière', dmst.closure?.specialRule],
          ['Réclamation en cours', yesNo(dmst.closure?.claimOpen)],
        ),
      ),
    ),
  ];
}

function workLink(dmst: Dmst): Section {
  const labels = new Map((dmst.exposures ?? []).map(({ id, label }) => [id, label]));
  return section(
    'Lien possible avec le travail',
    table(
      [
        ['Pathologie', 3],
        ['Exposition', 3],
        ['Avis', 1],
        ['Signalée (MCP)', 1],
      ],
      (dmst.workLink ?? []).map((link) => [
        link.pathology,
        link.exposureRef && labels.get(link.exposureRef),
        link.opinion === 'POSSIBLE' ? 'possible' : 'absent',
        yesNo(link.mcpReported),
      ]),
      '',
    ),
  );
}

function pdpFacts(pdp: Pdp) {
  return facts(
    ['Ouverture', day(pdp.opened), true],
    ['Étape', pdp.stage],
    ['Partenaires', joined(pdp.partners ?? [])],
    ['Plan', pdp.plan],
    ['Essai encadré', yesNo(pdp.essaiEncadre)],
    ['Convention de rééducation (CRPE)', yesNo(pdp.crpe)],
    ['Clôture', day(pdp.closed)],
  );
}

function correspondence(dmst: Dmst): Section {
  const titles = new Map((dmst.attachments ?? []).map(({ id, title }) => [id, title]));
  return section(
    'Correspondances entre professionnels de santé',
    table(
      [
        ['Date', 1],
        ['De', 2],
        ['À', 2],
        ['Pièce', 2],
      ],
      newestFirst(dmst.correspondence, ({ date }) => date).map((item) => [
        day(item.date),
        item.from,
        item.to,
        item.attachmentRef && titles.get(item.attachmentRef),
      ]),
      '',
    ),
  );
}

function rights({ rights: held, informationGiven }: Dmst): Section {
  const withdrawn = (date: string | undefined) =>
    date === undefined ? 'en cours' : `levée le ${frenchDate(date)}`;
  return section(
    'Information et droits',
    list(
      [
        ...(held?.informed ?? []).map((item) =>
          joined([`Informé de ses droits le ${frenchDate(item.date)}`, `par ${item.by}`, item.noticeVersion]),
        ),
        ...(held?.oppositions ?? []).map((item) =>
          joined([
            `Opposition (droit ${item.right}) du ${frenchDate(item.from)}`,
            item.scope,
            withdrawn(item.withdrawnAt),
          ]),
        ),
        ...(held?.consents ?? []).map((item) =>
          joined([
            `${item.given ? 'Consentement' : 'Refus'} le ${frenchDate(item.at)}`,
            word(CONSENTS, item.kind),
            item.evidence,
          ]),
        ),
        ...(informationGiven ?? []).map((item) =>
          joined([`Information remise le ${frenchDate(item.date)}`, item.topic, item.support]),
        ),
      ],
      'Non transmis.',
    ),
  );
}

function trail({ auditTrail = [] }: Dmst): Section {
  const newest = newestFirst(auditTrail, ({ at }) => at);
  return section(
    newest.length > TRAIL_SHOWN
      ? `Traçabilité (${TRAIL_SHOWN} dernières actions sur ${newest.length})`
      : 'Traçabilité',
    table(
      [
        ['Date', 1],
        ['Action', 2],
        ['Par', 2],
        ['Service', 2],
      ],
      newest
        .slice(0, TRAIL_SHOWN)
        .map((item) => [day(item.at), item.action, joined([item.actor, item.role]), item.spst]),
      '',
    ),
  );
}
