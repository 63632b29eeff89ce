export {
  type InsiCall,
  type InsiSimulator,
  type InsiSimulatorOptions,
  startInsiSimulator,
} from './insi-simulator.ts';
export type { Behaviour, Wrong } from './misbehave.ts';
export { type Matricule, type SimulatedIdentity, TEST_PEOPLE } from './people.ts';
