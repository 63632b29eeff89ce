/** `relais conformance`: a vendor's software that takes what it must and nothing else, a careless one, an absent one. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { compactVerify, createLocalJWKSet } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RelaisClient, RelaisUnreachable } from '#client';
import { SigningKeys } from '#protection';
import { environmentWith, readConfiguration } from '../../apps/broker/src/config/environment.ts';
import { BAD_CASES } from '../../apps/cli/src/conformance/bad-cases.ts';
import type { CaseResult, Report } from '../../apps/cli/src/conformance/report.ts';
import { openTools } from '../../apps/cli/src/conformance/tools.ts';
import { type DemoHome, writeAgreements } from '../../apps/cli/src/demo/demo-home.ts';
import { startPartner, startService } from '../../apps/cli/src/demo/simulators.ts';
import { command } from '../builders/command.ts';
import { aDemoHome } from '../builders/rsa-keys.ts';
import { freePort } from '../services/free-ports.ts';

const VAR = join(import.meta.dirname, '../../var/test');
const SAMPLES = join(import.meta.dirname, '../../contracts/dmst-portability/samples');
/** Whoever may be named in a sample. */
const IDENTITY = /ADRUN|ZOE|DUMONT|275126322074/i;
const IN_PARTS = BAD_CASES.filter(({ inParts }) => inParts === true).map(({ id }) => id);

let demo: DemoHome;
let port: number;
let pushPort: number;

beforeAll(async () => {
  mkdirSync(VAR, { recursive: true });
  demo = await aDemoHome(mkdtempSync(join(VAR, 'conformance-')), {
    partners: ['spsti-a', 'spsti-b', 'hdh'],
  });
  [port, pushPort] = [await freePort(), await freePort()];
  agree('push');
});

afterAll(() => rmSync(demo.home, { recursive: true, force: true }));

describe('a vendor’s software that takes pushes and trusts nothing', () => {
  let report: Report;
  let jws: string;
  const refusals = new Set<string>();

  beforeAll(async () => {
    const vendor = await startService(demo, 'spsti-b', {
      relaisUrl: `https://localhost:${port}`,
      dossiers: [],
      push: true,
      pushPort,
      folder: join(demo.home, 'good'),
      onTrouble: (error) => refusals.add(error instanceof Error ? error.message : String(error)),
    });
    try {
      const ran = await conformance('good', '--flow', 'dmst-portability');
      expect(ran.out).toMatch(/, 0 échec\(s\), /);
      expect(ran.code).toBe(0);
    } finally {
      await vendor.close();
    }
    report = JSON.parse(readFileSync(out('good.json'), 'utf8'));
    jws = readFileSync(out('good.jws'), 'utf8').trim();
  }, 120_000);

  it('passes every case: each sample, a repeat, and each bad delivery refused while the next one is taken', () => {
    expect(verdicts(report, 'pass')).toEqual(expect.arrayContaining(['reach', 'good', 'repeat', 'answer']));
    expect(verdicts(report, 'pass')).toEqual(expect.arrayContaining(BAD_CASES.map(({ id }) => id)));
    expect(verdicts(report, 'fail')).toEqual([]);
    expect(verdicts(report, 'not-tested')).toEqual([]);
    const samples = report.cases.filter((one) => one.case === 'good').map(({ sample }) => sample);
    expect(samples).toEqual(expect.arrayContaining(['request.qualified.json', 'response.full.json']));
  });

  it('refused each for what is wrong with it, and for nothing else', () => {
    expect([...refusals].sort()).toEqual([
      'delivery: correlationid is not the one signed',
      'delivery: digest is not the one signed',
      'delivery: does not open',
      'delivery: id missing',
      'delivery: lastvisit is not the one signed',
      'delivery: messageId is not the one signed',
      'delivery: messageId of the envelope is another',
      'delivery: neither sealed nor a manifest',
      'delivery: not from Relais',
      'delivery: part 1 is not the one announced',
      'delivery: part is not the one signed',
      'delivery: recipient is not the one signed',
      'delivery: relaisdelivery is not the one signed',
      'delivery: sealed to a key that is not ours',
      'delivery: sender is not the one signed',
      'delivery: total is not the one signed',
      'delivery: type is not the one signed',
      'signature: ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
      'signature: made for another use',
    ]);
  });

  it('has what it received counted once, but for the one repeat', () => {
    const lines = readFileSync(join(demo.home, 'good/received.ndjson'), 'utf8').trim().split('\n');
    const repeats = lines.filter((line) => (JSON.parse(line) as { repeat: boolean }).repeat);
    expect(repeats).toHaveLength(1);
  });

  it('is told which contract, which keys, and nothing of a person', () => {
    expect(report.contracts.find(({ flow }) => flow === 'dmst-portability')?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(report.certificates.endpoint).toMatch(/^[\w-]{43}$/);
    expect(report.certificates['enc-h']).toHaveLength(1);
    const text = readFileSync(out('good.md'), 'utf8');
    expect(text).toContain('| réussi | response |');
    expect(`${text}${JSON.stringify(report)}`).not.toMatch(IDENTITY);
  });

  it('holds a report that jose verifies with the JWKS, and that one changed byte undoes', async () => {
    const keys = new SigningKeys(join(demo.home, 'keys/signing')).jwks();
    const { payload, protectedHeader } = await compactVerify(jws, createLocalJWKSet({ keys: keys as never }));
    expect(protectedHeader.alg).toBe('ES256');
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(report);

    const shown = await command(demo.home, ['conformance', '--verify', out('good.jws')]);
    expect(shown.out).toContain('Signature de Relais vérifiée.');
    expect(shown.code).toBe(0);

    writeFileSync(out('jwks.json'), JSON.stringify({ keys }));
    for (const at of [jws.indexOf('.') + 40, jws.length - 1, 5]) {
      writeFileSync(
        out('changed.jws'),
        `${jws.slice(0, at)}${jws[at] === 'A' ? 'B' : 'A'}${jws.slice(at + 1)}`,
      );
      const changed = await command(demo.home, [
        'conformance',
        '--verify',
        out('changed.jws'),
        '--jwks',
        out('jwks.json'),
      ]);
      expect(changed.err).toContain('event.malformed');
      expect(changed.code).toBe(1);
    }
  });
});

describe('a vendor’s software that answers 204 to everything', () => {
  let report: Report;

  beforeAll(async () => {
    const { server } = demo.paths.partner('spsti-b');
    const careless = createServer(
      { cert: readFileSync(server.crt), key: readFileSync(server.key) },
      (request, response) => {
        request.resume().on('end', () => response.writeHead(204).end());
      },
    );
    await new Promise<void>((resolve) => careless.listen(pushPort, '127.0.0.1', resolve));
    try {
      const ran = await conformance('careless', '--flow', 'dmst-portability');
      expect(ran.code).toBe(1);
    } finally {
      careless.closeAllConnections();
      await new Promise((resolve) => careless.close(resolve));
    }
    report = JSON.parse(readFileSync(out('careless.json'), 'utf8'));
  }, 120_000);

  it('fails exactly the bad cases', () => {
    expect(verdicts(report, 'fail')).toEqual(BAD_CASES.map(({ id }) => id).sort());
    expect(verdicts(report, 'pass')).toEqual(['good', 'reach', 'repeat']);
  });
});

describe('a vendor’s software that is not there', () => {
  it('fails at once and says why; nothing else is claimed', async () => {
    const ran = await conformance('absent', '--flow', 'dmst-portability');
    expect(ran.code).toBe(1);
    expect(ran.out).toContain('ECONNREFUSED');
    const report: Report = JSON.parse(readFileSync(out('absent.json'), 'utf8'));
    expect(report.cases.map((one) => [one.case, one.verdict])).toEqual([['reach', 'fail']]);
  });
});

describe('a vendor’s software that looks in its mailbox', () => {
  beforeAll(() => agree('mailbox'));
  afterAll(() => agree('push'));

  it('passes too, parts included; what only https has is left out', async () => {
    const vendor = await startService(demo, 'spsti-b', {
      relaisUrl: `https://localhost:${port}`,
      dossiers: [],
      folder: join(demo.home, 'boxed'),
    });
    try {
      expect((await conformance('boxed', '--flow', 'dmst-portability')).out).toMatch(/, 0 échec\(s\), /);
    } finally {
      await vendor.close();
    }
    const report: Report = JSON.parse(readFileSync(out('boxed.json'), 'utf8'));
    expect(verdicts(report, 'pass')).toEqual(expect.arrayContaining(['good', 'repeat', ...IN_PARTS]));
    expect(verdicts(report, 'pass')).not.toContain('oversized');
    expect(report.limits.join(' ')).toContain('Boîte aux lettres');
  }, 120_000);
});

describe('a vendor’s software that acknowledges whatever its mailbox holds', () => {
  beforeAll(() => agree('mailbox'));
  afterAll(() => agree('push'));

  it('fails exactly the bad cases', async () => {
    const { client } = demo.paths.partner('spsti-b');
    const [cert, key, ca] = [client.crt, client.key, demo.paths.ca.crt].map((file) => readFileSync(file));
    const careless = new RelaisClient({
      baseUrl: `https://localhost:${port}`,
      partner: 'spsti-b',
      tls: { cert: cert ?? '', key: key ?? '', ca: ca ?? '' },
    });
    let over = false;
    const loop = async () => {
      while (!over) {
        try {
          for (const { relaisdelivery } of await careless.mailbox({ wait: 1 }))
            await careless.acknowledge(String(relaisdelivery), { outcome: 'received' });
        } catch (error) {
          if (!(error instanceof RelaisUnreachable)) throw error;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    };
    const looping = loop().catch((error: unknown) => error);
    try {
      expect((await conformance('unopened', '--flow', 'dmst-portability')).code).toBe(1);
    } finally {
      over = true;
      expect(await looping).toBeUndefined();
      await careless.close();
    }
    const report: Report = JSON.parse(readFileSync(out('unopened.json'), 'utf8'));
    const bad = BAD_CASES.filter(({ push }) => push !== true).map(({ id }) => id);
    expect(verdicts(report, 'fail')).toEqual(bad.sort());
  }, 120_000);
});

describe('a recipient of what comes line by line', () => {
  it('passes with its own samples', async () => {
    const vendor = await startPartner(demo, 'hdh', {
      relaisUrl: `https://localhost:${port}`,
      folder: join(demo.home, 'lines'),
    });
    const words = ['conformance', 'hdh', '--listen', String(port), '--out', out('lines')];
    try {
      expect((await command(demo.home, words)).code).toBe(0);
    } finally {
      await vendor.close();
    }
    const report: Report = JSON.parse(readFileSync(out('lines.json'), 'utf8'));
    expect(report.cases.filter(({ verdict }) => verdict === 'pass').map(({ sample }) => sample)).toContain(
      'dmst-batch.three-persons.ndjson',
    );
    const unsaid = report.cases.filter(({ verdict }) => verdict === 'not-tested').map((one) => one.case);
    expect(unsaid.sort()).toEqual([...IN_PARTS].sort());
  }, 120_000);
});

describe('files that a vendor’s software made', () => {
  it('are held against the contracts, and told by their digest only', async () => {
    const folder = join(demo.home, 'made');
    mkdirSync(join(folder, 'dmst-portability'), { recursive: true });
    const put = (name: string, from: string) =>
      writeFileSync(join(folder, 'dmst-portability', name), readFileSync(join(SAMPLES, from)));
    put('request.adrun.json', 'valid/request.qualified.json');
    put('request.bad.json', 'invalid/request.opposed.json');
    writeFileSync(join(folder, 'nothing.adrun.json'), '{}');
    const ran = await conformance('sent', '--sent', folder, '--no-receive');
    expect(ran.code).toBe(1);
    const report: Report = JSON.parse(readFileSync(out('sent.json'), 'utf8'));
    expect(report.cases.map(({ flow, object, verdict }) => [flow, object, verdict])).toEqual([
      ['?', '?', 'fail'],
      ['dmst-portability', 'request', 'pass'],
      ['dmst-portability', 'request', 'fail'],
    ]);
    expect(report.cases[2]?.got).toMatch(/^\d+ écart\(s\) : /);
    expect(JSON.stringify(report)).not.toMatch(IDENTITY);
  });
});

describe('the command', () => {
  it('names what is missing and refuses an unknown partner', async () => {
    expect((await command(demo.home, ['conformance'])).code).toBe(2);
    expect((await command(demo.home, ['conformance', 'nobody'])).err).toContain('nobody');
  });

  it('says what to do when the broker itself is there', async () => {
    const broker = createServer();
    await new Promise<void>((resolve) => broker.listen(port, '127.0.0.1', resolve));
    try {
      const ran = await conformance('busy');
      expect(ran.err).toContain(`Le port ${port} est pris`);
      expect(ran.code).toBe(1);
    } finally {
      await new Promise((resolve) => broker.close(resolve));
    }
  });

  it('never signs for people who do not exist where people do', async () => {
    const configuration = readConfiguration(environmentWith({ RELAIS_HOME: demo.home }));
    const attempt = openTools({ ...configuration, environment: 'production' }, { now: () => new Date() });
    await expect(attempt).rejects.toMatchObject({ detail: expect.stringContaining('installation de test') });
  });
});

function agree(transport: 'push' | 'mailbox'): void {
  writeAgreements(demo, transport === 'push' ? { pushEndpoint: `https://localhost:${pushPort}/relais` } : {});
}

function conformance(name: string, ...words: string[]) {
  const fixed = ['--listen', String(port), '--out', out(name)];
  return command(demo.home, ['conformance', 'spsti-b', ...words, ...fixed]);
}

function out(name: string): string {
  return join(demo.home, 'reports', name);
}

function verdicts({ cases }: Report, verdict: CaseResult['verdict']): string[] {
  return [...new Set(cases.filter((one) => one.verdict === verdict).map((one) => one.case))].sort();
}
