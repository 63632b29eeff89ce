/** INTEROPS under attack: rows of the table that concern a vector, each with the code that is told. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environmentWith, readConfiguration } from '../../apps/broker/src/config/environment.ts';
import { createLog } from '../../apps/broker/src/engine/log.ts';
import { startBroker } from '../../apps/broker/src/start.ts';
import { organisationClient } from '../../apps/cli/src/demo/channels/interops.ts';
import { operationOf } from '../../apps/simulators/src/interops/index.ts';
import { anInteropsWorld, entries, type InteropsWorld, noticeOf } from '../builders/interops.ts';

let world: InteropsWorld;
beforeAll(async () => {
  world = await anInteropsWorld({ called: false });
});
afterAll(() => world.close());

const TRACES = () => operationOf('ConsulterTraces', { Depuis: new Date().toISOString() });
const lastRefusal = () => entries(world.relais, 'interops.vector-refused').at(-1)?.details;

describe('a vector', () => {
  it('that was shown once is not taken again, with the same message or with another', async () => {
    const { id, xml } = world.fund.envelope(TRACES());
    expect(await world.fund.post(xml, id)).toMatchObject({ status: 200 });
    expect(await world.fund.post(xml, id)).toMatchObject({ fault: 'vi:InvalidVI', code: 'vector.replayed' });
    const again = await world.fund.transmit(noticeOf('rejeu'), { vector: { id } });
    expect(again).toMatchObject({ code: 'vector.replayed' });
    expect(lastRefusal()).toMatchObject({ step: 4, reason: 'shown before', vector: id });
  });

  it('shown to the service twenty times at once goes through once', async () => {
    const { id, xml } = world.fund.envelope(TRACES());
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.fund.post(xml, id)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ code }) => code === 'vector.replayed')).toHaveLength(19);
  });

  it('is remembered by another process on the same store, and after a restart', async () => {
    const { id, xml } = world.fund.envelope(TRACES());
    expect(await world.fund.post(xml, id)).toMatchObject({ status: 200 });
    const { demo, insi, people } = world.relais;
    const other = await startBroker(
      readConfiguration(
        environmentWith({
          RELAIS_HOME: demo.home,
          RELAIS_ROLES: 'intake',
          RELAIS_PARTNERS_PORT: '0',
          RELAIS_PEOPLE_PORT: '0',
          RELAIS_HEALTH_PORT: '0',
          RELAIS_INSI_URL: insi.url,
          RELAIS_OIDC_ISSUER: people.psc.issuer,
          RELAIS_OIDC_CLIENT_SECRET: demo.clientSecret,
        }),
      ),
      createLog('silent'),
    );
    const there = organisationClient(demo, 'cnam', `https://localhost:${other.ports.partners}`);
    expect(await there.post(xml, id)).toMatchObject({ code: 'vector.replayed' });
    await there.close();
    await other.stop();
  });

  it('moved under another one (wrapping) is not the one that is believed', async () => {
    for (const wrap of [wrappedBeside, wrappedInside, wrappedInHeader]) {
      const answer = await world.fund.call(TRACES(), { tamper: wrap, unsignedBody: true });
      expect(answer.status, wrap.name).toBe(400);
      expect(answer.code).toMatch(/^(vector\.invalid|xml\.signature-invalid)$/);
    }
  });

  it('whose NameID, audience or issuer is split by a comment is refused', async () => {
    for (const value of ['agent-0001', world.terms.audience, world.terms.issuer]) {
      const cut = `${value.slice(0, 5)}<!-- x -->${value.slice(5)}`;
      const answer = await world.fund.call(TRACES(), {
        tamper: (xml) => xml.replace(`>${value}<`, `>${cut}<`),
      });
      expect(answer).toMatchObject({ fault: 'wsse:InvalidSecurityToken', code: 'vector.invalid' });
    }
  });

  it('with its ID twice in the message is refused', async () => {
    const answer = await world.fund.call(TRACES(), {
      tamper: (xml) => {
        const id = / ID="([^"]+)"/.exec(xml)?.[1] ?? '';
        return xml.replace('<soap:Header>', `<soap:Header><x:y xmlns:x="urn:x" Id="${id}"/>`);
      },
    });
    expect(answer).toMatchObject({ fault: 'wsse:FailedCheck', code: 'xml.signature-invalid' });
  });
});

describe('a message', () => {
  it('with a DOCTYPE or an entity is refused before anything reads it', async () => {
    const bomb = '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d SYSTEM "file:///etc/passwd">]>';
    for (const before of ['<!DOCTYPE a>', bomb]) {
      const answer = await world.fund.call(TRACES(), { tamper: (xml) => `${before}${xml}` });
      expect(answer).toMatchObject({ status: 400, code: 'xml.doctype' });
    }
  });

  it('whose signed Body was moved aside is not read in its place', async () => {
    const answer = await world.fund.transmit(noticeOf('corps-deplace'), {
      tamper: (xml) => {
        const body = /<soap:Body[\s\S]*<\/soap:Body>/.exec(xml)?.[0] ?? '';
        const forged = `<soap:Body>${operationOf('Interroger', { Flux: 'sick-leave' })}</soap:Body>`;
        return xml.replace(body, () => forged).replace('<soap:Header>', () => `<soap:Header><x>${body}</x>`);
      },
    });
    expect(answer).toMatchObject({ fault: 'wsse:FailedCheck', code: 'xml.signature-invalid' });
  });

  it('whose content is not what its signed digest says is refused', async () => {
    const { id, xml } = world.fund.envelope(
      `<io:Transmettre xmlns:io="urn:relais:interops:1"><io:Identifiant>x</io:Identifiant><io:Flux>sick-leave</io:Flux><io:Objet>notice</io:Objet><io:Contenu typeMedia="application/json" empreinte="sha-256:${'0'.repeat(64)}">e30=</io:Contenu></io:Transmettre>`,
    );
    expect(await world.fund.post(xml, id)).toMatchObject({ status: 400, code: 'soap.invalid' });
  });

  it.each([
    ['no XML', 'bonjour'],
    ['not UTF-8', Buffer.of(0xff, 0xfe, 0x3c, 0x61)],
    ['an envelope of another SOAP', '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>'],
    ['nothing', ''],
    ['a very deep tree', `${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}`],
  ])('that is %s is refused with a fault', async (_, bytes) => {
    const answer = await world.fund.post(bytes as string);
    expect(answer.status).toBe(400);
    expect(answer.code).toMatch(/^(soap\.invalid|vector\.(missing|invalid))$/);
  });

  it('too large to be verified is refused for its size', async () => {
    const answer = await world.fund.transmit({
      ...noticeOf('gros'),
      bytes: Buffer.alloc(700_000, 'a'),
    });
    expect(answer.code).toBe('body.too-large');
  });

  it('with two fields of one name, or one that nobody knows, is refused', async () => {
    for (const fields of [
      '<io:Depuis>2026-01-01T00:00:00Z</io:Depuis>'.repeat(2),
      '<io:Autre>x</io:Autre>',
    ]) {
      const operation = `<io:ConsulterTraces xmlns:io="urn:relais:interops:1">${fields}</io:ConsulterTraces>`;
      expect(await world.fund.call(operation)).toMatchObject({ code: 'soap.invalid' });
    }
  });

  it('encrypted for nobody here is refused like any other that cannot be opened', async () => {
    const data = '<xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"/>';
    expect(await world.fund.call(data)).toMatchObject({
      fault: 'wsse:FailedCheck',
      code: 'xml.encryption-invalid',
    });
  });
});

describe('what a partner may ask of traces', () => {
  it('is its own, whatever it names, and 31 days at most', async () => {
    await world.fund.transmit(noticeOf('pour-trace'));
    const mine = await world.fund.traces({ from: new Date(Date.now() - 60_000) });
    expect(mine.texts('VerificationVI').length).toBeGreaterThan(0);
    expect(mine.xml).toContain(world.terms.issuer);
    expect(mine.xml).not.toContain('agent-0001');
    const wide = await world.fund.traces({ from: new Date(Date.now() - 40 * 86_400_000) });
    expect(wide.code).toBe('soap.invalid');
  });

  it('and a suspect use is told, with a reference', async () => {
    const told = await world.fund.report('vecteur-non-emis', 'un-vecteur-inconnu-0001');
    const reference = told.text('Reference');
    const entry = entries(world.relais, 'interops.suspect-reported').at(-1) as { id?: string } | undefined;
    expect(reference).toBe(entry?.id);
  });
});

/** A second, unsigned assertion where the first stood; the signed one as its neighbour. */
function wrappedBeside(xml: string): string {
  const assertion = assertionIn(xml);
  return xml.replace(assertion, () => forged(assertion) + assertion);
}

/** The signed one inside the forged one. */
function wrappedInside(xml: string): string {
  const assertion = assertionIn(xml);
  return xml.replace(assertion, () =>
    forged(assertion).replace('</saml2:Assertion>', `${assertion}</saml2:Assertion>`),
  );
}

/** The signed one in a header of its own. */
function wrappedInHeader(xml: string): string {
  const assertion = assertionIn(xml);
  return xml
    .replace(assertion, () => forged(assertion))
    .replace('<soap:Header>', () => `<soap:Header><x>${assertion}</x>`);
}

function assertionIn(xml: string): string {
  return /<saml2:Assertion[\s\S]*<\/saml2:Assertion>/.exec(xml)?.[0] ?? '';
}

/** What the attacker would like to say, with the signature of what was said. */
function forged(assertion: string): string {
  return assertion
    .replace(/ ID="[^"]*"/, ' ID="aaaaaaaa-0000-4000-8000-000000000000"')
    .replace('ST-ARRETS', 'ST-AUDIT');
}
