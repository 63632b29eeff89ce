/** `docs/flows/README.md`: business objects × flows: which object, in which detail, from whom to whom. */
import { contractFolder, type Flow } from '#core';
import { kindNames, table } from './flow-page.ts';

export function flowMap(flows: readonly Flow[]): string {
  const rows = flows.flatMap(({ contract }) =>
    Object.entries(contract.objects).flatMap(([object, { business, senders, recipients, transform }]) =>
      business === undefined
        ? []
        : [
            [
              business.object,
              `[\`${contract.flow}\`](${contractFolder(contract).replace('/', '.')}.md) \`${object}\``,
              `${kindNames(senders)} → ${kindNames(recipients.kinds)}`,
              business.detail,
              business.confidentiality,
              { sender: 'expéditeur', broker: 'Relais', none: '–' }[transform.at],
            ],
          ],
    ),
  );
  return [
    '# Objets métier et flux',
    '',
    'Écrit d’après les contrats par `npm test -- test/house -u` : quel objet, en quel détail, de qui à qui, et où il est transformé.',
    '',
    ...table(
      ['objet métier', 'flux', 'de → vers', 'détail', 'confidentialité', 'transformé chez'],
      rows.toSorted(([a = ''], [b = '']) => a.localeCompare(b, 'fr')),
    ),
    '',
  ].join('\n');
}
