export * from './annuaire-simulator.ts';
