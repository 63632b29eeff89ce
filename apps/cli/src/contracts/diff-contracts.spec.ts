import { describe, expect, it } from 'vitest';
import { diffContracts } from './diff-contracts.ts';
import { type ContractsExport, exportContracts, readExport, writeExport } from './export-contracts.ts';

interface Node {
  enum: string[];
  required: string[];
  items: Node;
  properties: Record<string, Node>;
  $defs: Record<string, Node>;
}

/** A contract that a test may write in. */
interface Loose {
  hash: string;
  contract: { version: string; objects: Record<string, Record<string, unknown>> };
  schemas: Record<string, Node>;
}

/** Today's contracts, with one thing of portability changed. */
function changed(change: (flow: Loose, all: unknown[]) => void): ContractsExport {
  const copy = structuredClone(exportContracts());
  const flow = copy.flows.find(({ contract }) => contract.flow === 'dmst-portability');
  change(flow as unknown as Loose, copy.flows);
  return copy;
}

const told = (after: ContractsExport) =>
  diffContracts(exportContracts(), after).map(
    ({ object, pointer, says, breaks }) => `${object} ${pointer} ${says} > ${breaks.join(' ')}`,
  );

describe('what changed between two exports', () => {
  it('is nothing between the same contracts', () => {
    expect(told(exportContracts())).toEqual([]);
  });

  it('is, for a renamed code, who may no longer send the old and who never saw the new', () => {
    const after = changed(({ schemas }) => {
      const code = schemas['refusal']?.properties['code'] as Node;
      code.enum = code.enum.map((one) => (one === 'R04' ? 'R40' : one));
    });
    expect(told(after)).toEqual([
      'dmst-portability.refusal.v1 /code code `R04` retiré > spsti',
      'dmst-portability.refusal.v1 /code code `R40` ajouté > spsti',
    ]);
  });

  it('finds a change behind a reference', () => {
    const after = changed(({ schemas }) => {
      Object.assign(schemas['dmst']?.$defs['date'] ?? {}, { maxLength: 9 });
    });
    const lines = told(after);
    expect(lines).toContain(
      'dmst-portability.response.v1 /identity/birthDate borne `maxLength` resserrée > spsti',
    );
    // inside a choice, which changes as a whole
    expect(lines).toContain('dmst-portability.response.v1 /history/*/onset règle `anyOf` changée > spsti');
  });

  it('is a new gate for senders, a removed object for both, a longer retention for nobody', () => {
    const after = changed(({ contract: { objects } }) => {
      Object.assign(objects['response'] ?? {}, { gates: [{ gate: 'information', at: '/rights' }] });
      Object.assign(objects['request'] ?? {}, { retention: { sealedUntil: 'received', sealedDays: 60 } });
      delete objects['reminder'];
    });
    expect(told(after)).toEqual([
      'dmst-portability.request.v1  conservation changée > ',
      'dmst-portability.response.v1  porte `information` nouvelle ou changée > spsti',
      'dmst-portability.reminder.v1  objet retiré > spsti',
    ]);
  });

  it('is nobody’s trouble when a second major stands beside the first', () => {
    const after = changed((flow, all) => {
      const second = structuredClone(flow);
      second.contract.version = '2.0.0';
      for (const object of Object.values(second.contract.objects)) object['major'] = 2;
      all.push(second);
    });
    expect(told(after).every((line) => line.endsWith('objet nouveau > '))).toBe(true);
  });
});

it('an export comes back as it was, and not when a word of it was changed', () => {
  const text = writeExport(exportContracts());
  expect(readExport(text)).toEqual(JSON.parse(JSON.stringify(exportContracts())));
  expect(() => readExport(text.replace('"R04"', '"R40"'))).toThrow();
});
