import { expect, it } from 'vitest';
import type { StepList } from '../named.ts';
import { packed, unpacked } from './parcel.ts';

const lists: StepList[] = [
  {
    id: 7,
    steps: [
      {
        name: 'payload.chunk',
        params: { messageId: 'a"é\n', n: 0, at: '', bytes: Buffer.from('small, in a pool') },
        rows: 1,
      },
      { name: 'job.finish', params: { id: 'b', lease: null as unknown as string }, rows: undefined },
    ],
  },
  { id: 8, steps: [] },
];

it('what is unpacked is what was packed', () => {
  const [first, second] = unpacked(packed(lists));
  expect(second).toEqual(lists[1]);
  expect(first?.steps[1]).toEqual(lists[0]?.steps[1]);
  const { bytes, ...others } = first?.steps[0]?.params ?? {};
  expect(others).toEqual({ messageId: 'a"é\n', n: 0, at: '' });
  expect(Buffer.from(bytes as Uint8Array).toString()).toBe('small, in a pool');
});

it('bytes travel in memory of their own', () => {
  const { bytes } = packed(lists);
  expect(bytes.map(({ buffer, byteLength }) => buffer.byteLength - byteLength)).toEqual([0]);
});
