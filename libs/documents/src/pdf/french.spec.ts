import { describe, expect, it } from 'vitest';
import { ZOE } from '../../fixtures/summary.ts';
import {
  day,
  identityStatus,
  insMissing,
  instant,
  matricule,
  matriculeKind,
  qualifiedIns,
} from './french.ts';

describe('how a document speaks', () => {
  it('writes instants in Paris time, summer and winter', () => {
    expect(instant('2026-03-12T10:04:11.000Z')).toBe('12 mars 2026 à 11:04');
    expect(instant('2026-07-31T22:30:00.000Z')).toBe('1 août 2026 à 00:30');
  });

  it('turns a date over and corrects none', () => {
    expect(day('1975-12-31')).toBe('31/12/1975');
    expect(day('1975-13-00')).toBe('00/13/1975');
    expect(day('inconnue')).toBe('inconnue');
  });

  it('spaces a matricule as on a Vitale card, Corsica too', () => {
    expect(matricule({ value: '2751263220749', key: '74' })).toBe('2 75 12 63 220 749 74');
    expect(matricule({ value: '297022A020778', key: '78' })).toBe('2 97 02 2A 020 778 78');
    expect(matricule({ value: '12', key: '3' })).toBe('12 3');
  });

  it('tells NIR from NIA by the OID only', () => {
    expect(matriculeKind('1.2.250.1.213.1.4.8')).toBe('NIR');
    expect(matriculeKind('1.2.250.1.213.1.4.9')).toBe('NIA');
    expect(matriculeKind('1.2.250.1.213.1.4.10')).toBe('NIR de test');
    expect(matriculeKind('1.2.3')).toBe('OID 1.2.3');
  });

  it('gives the status in French with its attributes, and the matricule for QUAL only', () => {
    expect(identityStatus({ ...ZOE, attributes: ['homonyme'] })).toBe('Qualifiée · homonyme');
    expect(identityStatus({ ...ZOE, status: 'RECUP' })).toBe('Récupérée');
    expect(qualifiedIns(ZOE)).toBe(ZOE.ins);
    for (const status of ['PROV', 'RECUP', 'VALI'] as const) {
      expect(qualifiedIns({ ...ZOE, status })).toBeUndefined();
      expect(insMissing({ ...ZOE, status })).toBe('⚠ INS non qualifiée : identité à vérifier');
    }
    expect(insMissing(ZOE)).toBe('Matricule INS non transmis');
  });
});
