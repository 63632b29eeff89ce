/** INTEROPS before programs and a SOAP stack that we did not write. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, type AgentOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClientAsync, type ISecurity } from 'soap';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AGREEMENT_XSD } from '../../apps/cli/src/interops/agreement-xsd.ts';
import { runCli } from '../../apps/cli/src/run-cli.ts';
import { aNotice, anInteropsWorld, type InteropsWorld, sample } from '../builders/interops.ts';
import { eventually } from '../builders/relais.ts';
import { judgedBy, run } from './programs.ts';

let world: InteropsWorld;
const folder = mkdtempSync(join(tmpdir(), 'relais-interops-'));
beforeAll(async () => {
  world = await anInteropsWorld();
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

describe('npm soap, from the WSDL', () => {
  it('transmits a message, is answered as the WSDL says, and reads a fault', async () => {
    const { paths } = world.relais.demo;
    const { crt, key } = paths.partner('cnam').client;
    const url = `${world.relais.partnersUrl}/interops/v1`;
    const [cert, privateKey, ca] = [crt, key, paths.ca.crt].map((path) => readFileSync(path));
    const wsdl = await world.relais.as('cnam')('/interops/v1?wsdl');
    const client = await createClientAsync(file('relais.wsdl', wsdl.bytes), {
      endpoint: url,
      forceSoap12Headers: true,
    });
    client.setSecurity(security({ cert, key: privateKey, ca } as AgentOptions));
    const bytes = Buffer.from(JSON.stringify(aNotice()));
    const digest = createHash('sha256').update(bytes).digest('hex');
    const message = (id: string, flow: string) => ({
      Identifiant: id,
      Flux: flow,
      Objet: 'notice',
      Version: 1,
      Destinataire: 'spsti-a',
      Contenu: {
        attributes: { typeMedia: 'application/json', empreinte: `sha-256:${digest}` },
        $value: bytes.toString('base64'),
      },
    });
    const call = (args: object) =>
      (
        client as unknown as { TransmettreAsync(args: object): Promise<[Record<string, unknown>]> }
      ).TransmettreAsync(args);
    const [answer] = await call(message(randomUUID(), 'sick-leave'));
    expect(answer).toMatchObject({ Statut: 'accepte', Empreinte: `sha-256:${digest}` });
    expect(String(answer['Recepisse'])).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    const refused = await call(message(randomUUID(), 'dgt-annual')).catch((error: unknown) => error);
    expect(JSON.stringify((refused as { root?: unknown }).root)).toContain('io:DroitsInsuffisants');
  });

  /** What no WSDL says: the vector and the signature, put into the envelope that the stack wrote. */
  function security(tls: AgentOptions): ISecurity {
    return {
      addOptions: (options) => Object.assign(options, { httpsAgent: new Agent(tls) }),
      toXML: () => '',
      postProcess: (xml) => {
        const body = /<soap:Body[^>]*>([\s\S]*)<\/soap:Body>/.exec(xml)?.[1] ?? '';
        const declared = [...xml.matchAll(/ (xmlns:\w+="[^"]+")/g)].map(([, one]) => one);
        const operation = body.replace(
          /^<([\w:]+)/,
          (start) => `${start} ${[...new Set(declared)].join(' ')}`,
        );
        // a name bound twice on one element would not be XML
        return world.fund.envelope(once(operation)).xml;
      },
    };
  }

  function once(operation: string): string {
    return operation.replace(/^<[^>]+>/, (tag) => {
      const seen = new Set<string>();
      return tag.replace(/ (xmlns(?::\w+)?)="[^"]*"/g, (all, name: string) => {
        if (seen.has(name)) return '';
        seen.add(name);
        return all;
      });
    });
  }
});

judgedBy(['xmlsec1'], 'xmlsec1 on what Relais signs', () => {
  it('verifies the vector and the message', async () => {
    const a = await world.relais.service('spsti-a');
    const { id } = await a.client.send({
      id: 'xmlsec',
      type: 'fr.relais-st.cnam-risks.establishments.v1',
      datacontenttype: 'application/json',
      recipient: 'cnam',
      data: JSON.stringify(sample('cnam-risks', 'establishments.several')),
    });
    const got = await eventually(async () => world.service.received.find((one) => one.id === id));
    const seal = world.relais.demo.paths.insi.mandate('spsti-a').seal.crt;
    const xml = file('appel.xml', got.xml);
    const ids = [
      ['Timestamp', 'Id'],
      ['Body', 'Id'],
      ['Assertion', 'ID'],
    ].flatMap(([element, name]) => [`--id-attr:${name}`, element as string]);
    for (const holder of ['Assertion', 'Security'])
      expect(
        run('xmlsec1', [
          '--verify',
          '--pubkey-cert-pem',
          seal,
          ...ids,
          '--node-xpath',
          `//*[local-name()='${holder}']/*[local-name()='Signature']`,
          xml,
        ]),
        holder,
      ).toBeInstanceOf(Buffer);
    const changed = file('change.xml', got.xml.replace('ST-RISQUES', 'ST-ARRETS'));
    const judge = () =>
      run('xmlsec1', [
        '--verify',
        '--pubkey-cert-pem',
        seal,
        ...ids,
        '--node-xpath',
        `//*[local-name()='Assertion']/*[local-name()='Signature']`,
        changed,
      ]);
    expect(judge).toThrow();
  });
});

judgedBy(['xmllint'], 'xmllint on what Relais writes', () => {
  it('finds the agreement of a partner valid, without a key in it', async () => {
    const out = file('convention.xml', '');
    const xsd = file('convention.xsd', AGREEMENT_XSD);
    const words = ['--home', world.relais.demo.home, 'interops', 'agreement', 'cnam', '--out', out];
    const screen = { out: () => undefined, err: () => undefined };
    expect(await runCli(words, screen)).toBe(0);
    run('xmllint', ['--noout', '--schema', xsd, out]);
    const xml = readFileSync(out, 'utf8');
    expect(xml).not.toContain('PRIVATE');
    const wrong = file('faux.xml', xml.replace('c:ViDuree', 'c:Duree').replace('/c:ViDuree', '/c:Duree'));
    expect(() => run('xmllint', ['--noout', '--schema', xsd, wrong])).toThrow();
  });

  it('finds answers and traces valid against the schema that is served', async () => {
    const xsd = file('interops.xsd', (await world.relais.as('cnam')('/interops/v1?xsd')).bytes);
    const wsdl = file('interops.wsdl', (await world.relais.as('cnam')('/interops/v1?wsdl')).bytes);
    run('xmllint', ['--noout', wsdl]);
    const json = aNotice();
    const sent = await world.fund.transmit({
      id: 'xmllint',
      flow: 'sick-leave',
      object: 'notice',
      recipient: 'spsti-a',
      json,
    });
    await world.fund.transmit(
      { id: 'x', flow: 'sick-leave', object: 'notice', json },
      { vector: { pagm: [] } },
    );
    const traces = await world.fund.traces({ from: new Date(Date.now() - 600_000) });
    expect(traces.texts('Verdict')).toEqual(expect.arrayContaining(['accepte', 'refuse']));
    expect(traces.texts('TraceApplicative').length).toBeGreaterThan(0);
    for (const [name, answer] of Object.entries({
      TransmettreReponse: sent,
      ConsulterTracesReponse: traces,
      InterrogerReponse: await world.fund.poll(sent.text('CleReconciliation') ?? ''),
    })) {
      expect(answer.status, name).toBe(200);
      const alone =
        new RegExp(`<io:${name}[\\s\\S]*</io:${name}>|<io:${name}[^>]*/>`).exec(answer.xml)?.[0] ?? '';
      const own = alone.replace(`<io:${name}`, `<io:${name} xmlns:io="urn:relais:interops:1"`);
      run('xmllint', ['--noout', '--schema', xsd, file(`${name}.xml`, own)]);
    }
  });
});
