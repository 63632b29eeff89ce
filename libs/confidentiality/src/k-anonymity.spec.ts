import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KMeasure, measureK } from './k-anonymity.ts';

const rows = fc.array(
  fc.record({ sex: fc.constantFrom('F', 'M'), age: fc.integer({ min: 40, max: 44 }), cim: fc.nat(3) }),
);
const quasiIdentifiers = ['sex', '/age'];

it('gives k, the classes, the rows under the threshold and the residual risk', () => {
  const batch = [
    ...Array.from({ length: 6 }, () => ({ sex: 'F', age: 40, cim: 'M54' })),
    ...Array.from({ length: 3 }, (_, at) => ({ sex: 'M', age: 40, cim: `F${at}` })),
    { sex: 'M', age: 41, cim: 'M54' },
  ];
  expect(measureK(batch, quasiIdentifiers, { sensitive: 'cim' })).toEqual({
    k: 1,
    rows: 10,
    classes: 3,
    threshold: 5,
    below: { classes: 2, rows: 4 },
    belowIndices: [6, 7, 8, 9],
    risk: { highest: 1, mean: 0.3, shareInSmallest: 0.1, shareBelow: 0.4, unique: 1 },
    l: 1,
  });
  expect(measureK([], quasiIdentifiers)).toMatchObject({ k: 0, rows: 0, risk: { highest: 0, mean: 0 } });
});

it('is the size of the smallest class, as counted by hand', () => {
  fc.assert(
    fc.property(rows, (batch) => {
      const sizes = batch.map(
        (row) => batch.filter(({ sex, age }) => sex === row.sex && age === row.age).length,
      );
      const { k, below, belowIndices, classes } = measureK(batch, quasiIdentifiers);
      expect(k).toBe(batch.length === 0 ? 0 : Math.min(...sizes));
      expect(below.rows).toBe(sizes.filter((size) => size < 5).length);
      expect(belowIndices).toEqual([...sizes.keys()].filter((at) => (sizes[at] ?? 0) < 5));
      expect(classes).toBe(new Set(batch.map(({ sex, age }) => `${sex}${age}`)).size);
    }),
  );
});

it('is the same in whatever batches the rows come, and whoever merges them', () => {
  const key = new Uint8Array(32).fill(7);
  fc.assert(
    fc.property(rows, rows, (first, second) => {
      const settings = { quasiIdentifiers, sensitive: 'cim', key };
      const whole = new KMeasure(settings);
      whole.add([...second, ...first]);
      const fed = new KMeasure(settings);
      fed.add(first);
      const elsewhere = new KMeasure(settings);
      elsewhere.add(second);
      for (const [name, count, sensitive] of elsewhere.entries()) fed.addClass(name, count, sensitive);
      expect(fed.report()).toEqual(whole.report());
    }),
  );
});

it('keeps no value: what it holds is the same text under no other key', () => {
  const row = { sex: 'F', age: 40, cim: 'M54' };
  const held = (key: number): unknown => {
    const measure = new KMeasure({ quasiIdentifiers, sensitive: 'cim', key: new Uint8Array(32).fill(key) });
    measure.add([row]);
    return [...measure.entries()];
  };
  expect(JSON.stringify(held(1))).not.toMatch(/M54|"F"|40,/);
  expect(held(1)).not.toEqual(held(2));
});
