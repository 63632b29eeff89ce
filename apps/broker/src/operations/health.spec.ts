import { expect, it } from 'vitest';
import { Admission } from '../admission/admission.ts';
import { Health } from './health.ts';

const answering = { claim: async () => [] };
const lanes = { lanes: async () => [] };

it('tells what is ill by its name', async () => {
  const admission = new Admission({ store: () => 'up', queue: () => 'up', disk: () => 'down' });
  expect(await new Health(admission, answering, lanes).checks()).toEqual({
    process: 'up',
    queue: 'up',
    disk: 'down',
    writer: 'up',
    reads: 'up',
  });
  const ill = new Admission({ store: () => 'down', queue: () => 'down', disk: () => 'up' });
  ill.drain();
  const failing = { lanes: () => Promise.reject(new Error('gone')) };
  expect(await new Health(ill, answering, failing).checks()).toEqual({
    process: 'draining',
    queue: 'down',
    disk: 'up',
    writer: 'down',
    reads: 'down',
  });
});

it('answers although the store does not', async () => {
  const admission = new Admission({ store: () => 'up', queue: () => 'up', disk: () => 'up' });
  const never = new Promise<never>(() => undefined);
  const health = new Health(admission, { claim: () => never }, { lanes: () => never });
  expect(await health.checks()).toMatchObject({ writer: 'down', reads: 'down' });
});
