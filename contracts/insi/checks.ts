import { type Content, type Finding, type Ins, insKey } from '#core';

interface Named {
  ins?: Ins;
}

/** A matricule typed or scanned wrong is refused before it costs a call to the teleservice. */
export function checkVerify({ json }: Content): Finding[] {
  return keyFindings('', json as Named);
}

export function checkVerifyBatch({ json }: Content): Finding[] {
  const { items } = json as { items: (Named & { ref: string })[] };
  const seen = new Set<string>();
  return items.flatMap((item, n) => {
    const repeated = seen.has(item.ref);
    seen.add(item.ref);
    return [
      ...keyFindings(`/items/${n}`, item),
      ...(repeated
        ? [
            {
              pointer: `/items/${n}/ref`,
              code: 'insi.ref-repeated',
              detail: 'Repère déjà employé dans ce lot.',
            },
          ]
        : []),
    ];
  });
}

function keyFindings(at: string, { ins }: Named): Finding[] {
  if (ins === undefined || insKey(ins.value) === ins.key) return [];
  return [
    { pointer: `${at}/ins/key`, code: 'insi.ins-key', detail: 'La clé ne correspond pas au matricule.' },
  ];
}
