/** The Annuaire Santé client against its stand-in, on a real socket: pages, bound, errors, and what it must not believe. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AnnuaireSante, DirectoryCopies } from '#identity';
import {
  type AnnuaireSimulator,
  type ListedStructure,
  startAnnuaire,
} from '../../apps/simulators/src/annuaire/index.ts';
import { corePki } from '../builders/core-pki.ts';

const KEY = 'cle-fictive';
const DAY_MS = 86_400_000;
const box = (address: string, more: object = {}) => ({ address: `${address}@test.mssante.fr`, ...more });
const STRUCTURES: ListedStructure[] = [
  {
    ...{ name: 'Santé au travail des Monts', finess: '990000011', siret: '99000000300013' },
    mailboxes: [
      box('dossiers', { type: 'APP' }),
      box('medecin', { type: 'PER' }),
      box('cachee', { redList: true }),
      box('devinee', { unmarked: true }),
    ],
  },
  { name: 'Clinique des Monts', finess: '990000037', sector: 'SA01' },
  { name: 'Service des Monts fermé', finess: '990000045', active: false },
  ...Array.from({ length: 120 }, (_, n) => ({
    name: `Prévention ${n}`,
    finess: `99001${String(n).padStart(4, '0')}`,
  })),
];

let simulator: AnnuaireSimulator;
let client: AnnuaireSante;
let now = Date.parse('2026-11-22T08:00:00.000Z');
const clock = { now: () => new Date(now) };

beforeAll(async () => {
  simulator = await startAnnuaire({ key: KEY, structures: STRUCTURES });
});
beforeEach(() => open());
afterEach(async () => {
  simulator.misbehave();
  await client.close();
});
afterAll(() => simulator.close());

function open(options: Partial<ConstructorParameters<typeof AnnuaireSante>[0]> = {}): void {
  client = new AnnuaireSante({ url: simulator.url, key: KEY, clock, timeoutMs: 5_000, ...options });
}
const find = (text: string) => client.services({ text }, AbortSignal.timeout(30_000));
const names = async (text: string) => (await find(text)).map(({ name }) => name);
const calls = () => simulator.calls.length;

describe('the Annuaire Santé', () => {
  it('gives services that are open, with the mailboxes that it publishes for structures', async () => {
    expect(await find('monts')).toEqual([
      {
        ...{ name: 'Santé au travail des Monts', finess: '990000011', siret: '99000000300013' },
        mailboxes: [
          { address: 'dossiers@test.mssante.fr', type: 'APP', description: 'Dossiers de santé au travail' },
        ],
        certificates: [],
        readAt: '2026-11-22T08:00:00.000Z',
      },
    ]);
    expect(simulator.calls.at(-1)).toMatchObject({ key: KEY });
    expect(simulator.calls.at(-1)?.query.get('type')).toMatch(/\|SA66$/);
  });

  it('gives one by its FINESS or its SIRET', async () => {
    expect(await names('99 000 0011')).toEqual(['Santé au travail des Monts']);
    expect(await names('99000000300013')).toEqual(['Santé au travail des Monts']);
  });

  it('is asked for what was typed, and nothing beside it', async () => {
    const typed = 'zzz,Prévention 1|$\\';
    expect(await names(typed)).toEqual([]);
    expect(simulator.calls.at(-1)?.query.get('name:contains')).toBe('zzz\\,Prévention 1\\|\\$\\\\');
    expect(await names('zzz&type=x&_count=1')).toEqual([]);
  });

  it('gives every page, fifty at a time, and not for ever', async () => {
    const before = calls();
    expect(await names('Prévention')).toHaveLength(120);
    expect(calls() - before).toBe(3);
    await client.close();
    open({ mostPages: 2 });
    expect(await names('Prévention')).toHaveLength(100);
  });

  it('keeps the certificates that it publishes, in whichever form, and nothing that is none', async () => {
    const pki = await corePki();
    const pem = pki.certificate('spsti-a', 'enc');
    const hex = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64').toString('hex');
    const other = await startAnnuaire({
      key: KEY,
      structures: [hex, pem, 'aucun'].map((certificate, n) => ({ name: `Avec ${n}`, certificate })),
    });
    await client.close();
    open({ url: other.url });
    const found = await find('Avec');
    await other.close();
    expect(found.map(({ certificates }) => certificates.map((one) => one.trim()))).toEqual([
      [pem.trim()],
      [pem.trim()],
      [],
    ]);
  });

  it('is called seventeen times a second at most', async () => {
    const before = calls();
    await Promise.all(Array.from({ length: 40 }, (_, n) => find(`Prévention ${n}9`)));
    const at = simulator.calls.slice(before).map((call) => call.at);
    expect(at).toHaveLength(40);
    // three windows: what is lent to one is not lent again within it
    expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBeGreaterThan(1_500);
  });

  it('that says « too many » is left alone as long as it asks', async () => {
    simulator.misbehave({ 'too-many': 20 });
    await expect(find('Monts')).rejects.toMatchObject({ code: 'transport.unreachable', retryAfter: 20 });
    simulator.misbehave();
    const before = calls();
    await expect(find('Monts')).rejects.toMatchObject({ code: 'transport.unreachable' });
    expect(calls()).toBe(before);
    now += 21_000;
    expect(await names('Monts')).toHaveLength(1);
  });

  it.each([
    ['http://127.0.0.1:1/fhir/v2/Organization?_offset=50'],
    ['http://annuaire.example/fhir/v2/Organization'],
    ['//annuaire.example/fhir/v2/Organization'],
    ['file:///etc/passwd'],
    ['/autre/chemin'],
    ['/fhir/v2/../../secret'],
    ['http://relais:relais@HOST/fhir/v2/Organization'],
  ])('is not followed elsewhere: %s', async (next) => {
    const before = calls();
    simulator.misbehave({ next: next.replace('HOST', new URL(simulator.url).host) });
    await expect(find('Monts')).rejects.toMatchObject({ code: 'transport.bad-answer' });
    expect(calls() - before).toBe(1);
  });

  it('whose pages never end is left after some', async () => {
    const before = calls();
    simulator.misbehave({ next: `${simulator.url}/Organization?name:contains=monts` });
    expect((await names('Monts')).length).toBeGreaterThan(0);
    expect(calls() - before).toBe(4);
  });

  it.each([
    ['a key that it does not know', 'transport.refused', 401],
    ['a question that it does not take', 'transport.refused', 400],
    ['its own trouble', 'transport.unreachable', 503],
    ['an error under a 200', 'transport.refused', 200],
  ] as const)('that answers with an OperationOutcome, for %s: %s', async (_, code, outcome) => {
    simulator.misbehave({ outcome });
    await expect(find('Monts')).rejects.toMatchObject({ code });
  });

  it('that answers with no FHIR, or not at all, is told apart', async () => {
    simulator.misbehave('garbage');
    await expect(find('Monts')).rejects.toMatchObject({ code: 'transport.bad-answer' });
    await client.close();
    open({ timeoutMs: 200 });
    simulator.misbehave('silent');
    await expect(find('Monts')).rejects.toMatchObject({ code: 'transport.unreachable' });
  });
});

describe('copies of a directory', () => {
  it('spare it a question asked again, and stand in for it while it is away', async () => {
    const copies = new DirectoryCopies(client, { clock });
    const ask = () => copies.services({ text: 'Monts' }, AbortSignal.timeout(30_000));
    const [first] = await ask();
    const before = calls();
    expect(await ask()).toEqual([first]);
    expect(calls()).toBe(before);
    simulator.misbehave({ outcome: 503 });
    now += 2 * 3_600_000;
    expect(await ask()).toEqual([first]);
    expect(calls()).toBe(before + 1);
    simulator.misbehave();
    expect((await ask())[0]?.readAt).toBe(clock.now().toISOString());
  });

  it('are purged after thirty days, whether or not anybody asks', async () => {
    const copies = new DirectoryCopies(client, { clock });
    const ask = () => copies.services({ text: 'Monts' }, AbortSignal.timeout(30_000));
    await ask();
    now += 30 * DAY_MS - 1;
    expect(copies.purge()).toBe(0);
    now += 1;
    expect(copies.purge()).toBe(1);
    await ask();
    now += 30 * DAY_MS;
    simulator.misbehave({ outcome: 503 });
    await expect(ask()).rejects.toMatchObject({ code: 'transport.unreachable' });
  });
});
