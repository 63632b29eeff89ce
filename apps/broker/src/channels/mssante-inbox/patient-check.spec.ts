import { describe, expect, it } from 'vitest';
import type { ReadPatient } from '#core';
import { patientDoubt, type Subject } from './patient-check.ts';

const ins = { value: '2751263220749', key: '74', oid: '1.2.250.1.213.1.4.8' };
const subject: Subject = {
  traits: { birthName: 'ADRUN', firstNames: ['ZOE'], sex: 'F', birthDate: '1975-12-31' },
  ins,
  qualified: true,
};
const zoe: ReadPatient = {
  ids: [],
  ins,
  birthName: 'ADRUN',
  firstName: 'ZOE',
  birthDate: '1975-12-31',
  sex: 'F',
};
const { ins: _, ...nameless } = zoe;
const same = () => true;
const doubt = (patient: ReadPatient, about: Subject = subject, sameTraits = same) =>
  patientDoubt(patient, about, sameTraits);

describe('a document about a person', () => {
  it('is about whom it was asked when matricule and traits are', () => {
    expect(doubt(zoe)).toBeUndefined();
  });

  it.each([
    ['bears no matricule', nameless, 903, 'ins.absent'],
    ['bears that of somebody else', { ...zoe, ins: { ...ins, value: '2600588154002' } }, 904, 'ins.differs'],
    ['bears it with another key', { ...zoe, ins: { ...ins, key: '75' } }, 904, 'ins.differs'],
    [
      'bears it under a test OID',
      { ...zoe, ins: { ...ins, oid: '1.2.250.1.213.1.4.10' } },
      904,
      'ins.differs',
    ],
    ['has no birth name', { ...zoe, birthName: '' }, 905, 'traits.incomplete'],
  ] as const)('that %s is doubted', (_name, patient, error, reason) => {
    expect(doubt(patient)).toMatchObject({ error, reasons: [reason], sent: { ins } });
  });

  it.each(['birthName', 'firstName', 'birthDate', 'sex'] as const)(
    'without its %s is doubted: 905',
    (trait) => {
      const { [trait]: _gone, ...rest } = zoe;
      expect(doubt(rest)).toMatchObject({ error: 905 });
    },
  );

  it('whose traits are not the same is doubted: 904', () => {
    expect(doubt(zoe, subject, () => false)).toMatchObject({ error: 904, reasons: ['subject.differs'] });
  });

  it('is never taken by itself for an identity that INSi did not qualify', () => {
    expect(doubt(zoe, { ...subject, qualified: false })).toMatchObject({ error: 906 });
    const { ins: __, ...unknown } = subject;
    expect(doubt(zoe, { ...unknown, qualified: false })).toMatchObject({ error: 906 });
  });

  it('whose name is a book is shown by its first hundred letters', () => {
    const told = doubt({ ...nameless, birthName: 'A'.repeat(1e6) })?.told.traits.birthName;
    expect(told).toHaveLength(100);
  });
});
