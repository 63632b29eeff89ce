/** Which change of the contracts breaks which partners. */
import type { ObjectContract, PartnerKind } from '#core';
import { type Breaks, diffSchemas } from './diff-schemas.ts';
import type { ContractsExport } from './export-contracts.ts';

export interface ContractChange {
  /** `<flow>.<object>.v<major>` */
  object: string;
  pointer: string;
  says: string;
  /** kinds of partners that must change something; empty = nobody */
  breaks: readonly PartnerKind[];
}

interface Version {
  object: ObjectContract;
  schema: object | undefined;
}

/** An object whose older major still stands beside the newer breaks nobody: it is a new object. */
export function diffContracts(before: ContractsExport, after: ContractsExport): ContractChange[] {
  const old = versions(before);
  const now = versions(after);
  const changes: ContractChange[] = [];
  for (const [name, was] of old) {
    const is = now.get(name);
    if (is === undefined) {
      changes.push({ object: name, pointer: '', says: 'objet retiré', breaks: affected(was.object, 'both') });
      continue;
    }
    const add = (pointer: string, says: string, breaks: Breaks | undefined) =>
      changes.push({
        object: name,
        pointer,
        says,
        breaks: breaks === undefined ? [] : affected(was.object, breaks),
      });
    diffTerms(was.object, is.object, add);
    if (was.schema !== undefined && is.schema !== undefined)
      for (const { pointer, says, breaks } of diffSchemas(was.schema, is.schema)) add(pointer, says, breaks);
  }
  for (const name of now.keys())
    if (!old.has(name)) changes.push({ object: name, pointer: '', says: 'objet nouveau', breaks: [] });
  return changes;
}

type Add = (pointer: string, says: string, breaks: Breaks | undefined) => void;

function diffTerms(was: ObjectContract, is: ObjectContract, add: Add): void {
  lists('format', was.mediaTypes, is.mediaTypes, add);
  for (const name of is.requires)
    if (!was.requires.includes(name)) add('', `attribut \`${name}\` désormais exigé`, 'senders');
  for (const kind of was.senders)
    if (!is.senders.includes(kind)) add('', `${kind} ne peut plus émettre`, 'senders');
  for (const kind of was.recipients.kinds)
    if (!is.recipients.kinds.includes(kind)) add('', `${kind} ne peut plus recevoir`, 'both');
  if (is.maxBytes < was.maxBytes) add('', 'taille permise réduite', 'senders');
  const oldGates = was.gates.map((gate) => JSON.stringify(gate));
  for (const gate of is.gates)
    if (!oldGates.includes(JSON.stringify(gate)))
      add('', `porte \`${gate.gate}\` nouvelle ou changée`, 'senders');
  if (was.identity !== is.identity) add('', 'vérification de l’identité changée', 'senders');
  if (JSON.stringify(was.afterCheck) !== JSON.stringify(is.afterCheck))
    add('', 'recherche de traces nominatives changée', 'senders');
  if (was.transform.at !== is.transform.at) add('', 'lieu de la transformation changé', 'senders');
  if (was.transform.removes.join() !== is.transform.removes.join())
    add('', 'ce qui est retiré a changé', 'recipients');
  if (was.audience !== is.audience) add('', 'lecteurs changés', 'recipients');
  if (JSON.stringify(was.opens) !== JSON.stringify(is.opens))
    add('', 'délais ou réponse attendue changés', 'both');
  if (JSON.stringify(was.retention) !== JSON.stringify(is.retention))
    add('', 'conservation changée', undefined);
}

function lists(what: string, was: readonly string[], is: readonly string[], add: Add): void {
  for (const one of was) if (!is.includes(one)) add('', `${what} \`${one}\` retiré`, 'senders');
  for (const one of is) if (!was.includes(one)) add('', `${what} \`${one}\` ajouté`, 'recipients');
}

function affected({ senders, recipients }: ObjectContract, breaks: Breaks): PartnerKind[] {
  const kinds = [
    ...(breaks === 'recipients' ? [] : senders),
    ...(breaks === 'senders' ? [] : recipients.kinds),
  ];
  return [...new Set(kinds)];
}

function versions({ flows }: ContractsExport): Map<string, Version> {
  return new Map(
    flows.flatMap(({ contract, schemas }) =>
      Object.entries(contract.objects).flatMap(([name, object]): [string, Version][] => {
        const id = `${contract.flow}.${name}.v${object.major}`;
        const { schema = object.bulk?.schema, bulk } = object;
        return [
          [id, { object, schema: schema === undefined ? undefined : schemas[schema] }],
          ...(bulk?.header === undefined
            ? []
            : [[`${id} (en-tête)`, { object, schema: schemas[bulk.header] }] as [string, Version]]),
        ];
      }),
    ),
  );
}
