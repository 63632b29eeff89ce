import { expect, it } from 'vitest';
import type { DmstRequest, Partner, Person } from '#core';
import { recentSources } from './recent-sources.ts';

const partner = (id: string, kind: Partner['kind'] = 'spsti'): Partner => ({
  ...{ id, kind, name: id, flows: [], transport: 'mailbox', keys: {} },
});
const asker = { person: { partner: 'me' } as Person & { partner: string }, author: 'p', authors: ['p', 'q'] };
const asked = (...sources: string[]) => ({ sources }) as unknown as DmstRequest;

it('six at most, the last one asked first, without who left, oneself, and what is no service', async () => {
  const looks: object[] = [];
  const records = {
    dmstRequests: async (look: object) => {
      looks.push(look);
      return [asked('h', 'gone', 'me'), asked('g', 'cnam'), asked('h', 'f', 'e'), asked('d', 'c', 'b', 'a')];
    },
  };
  const directory = {
    partner: (id: string) => (id === 'gone' ? undefined : partner(id, id === 'cnam' ? 'cnam' : 'spsti')),
  };
  const found = await recentSources(records, directory, asker);
  expect(found.map(({ id }) => id)).toEqual(['h', 'g', 'f', 'e', 'd', 'c']);
  expect(looks).toEqual([{ partner: 'me', authors: ['p', 'q'], newestFirst: true, limit: 50 }]);
});
