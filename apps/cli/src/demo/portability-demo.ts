import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Letter } from '../../../simulators/src/mssante/index.ts';
import { awaited, type DemoWorld, type FlowDemo } from './demo-run.ts';
import { issuerOf } from './people.ts';

/**
 * A doctor of service B, signed in with Pro Santé Connect, retrieves the dossier that service A holds: asked by MSSanté,
 * answered by A's software, sent on by MSSanté to B's doctors, and read at the portal.
 */
export const portabilityDemo: FlowDemo = async (world) => {
  const ask = await asDoctor(world);
  const { id } = await ask('/v1/dmst-requests', {
    worker: {
      traits: {
        birthName: 'ADRUN',
        firstNames: ['ZOE'],
        sex: 'F',
        birthDate: '1975-12-31',
        birthPlace: '63220',
      },
    },
    sources: ['spsti-a'],
    informedAt: new Date().toISOString(),
    nonOpposition: true,
    recordedBy: 'Dr Basile FICTIF',
    evidenceSeen: 'CN',
  });
  const { best } = await awaited('la réponse de SPSTI A', async () => {
    const request = await ask(`/v1/dmst-requests/${String(id)}`);
    return request['state'] === 'FILED'
      ? (request as { best: { messageId: string; lastVisit: string } })
      : undefined;
  });
  const summary = await ask(`/v1/dmst-requests/${String(id)}/summary.pdf`);
  const folder = world.folder('dmst-portability');
  mkdirSync(folder, { recursive: true });
  const synthesis = join(folder, 'synthese-medecin.pdf');
  writeFileSync(synthesis, summary['pdf'] as Buffer, { mode: 0o600 });

  const { asked, told } = await awaited('ce que les services ont reçu', async () => {
    const { serviceA, doctorsOfB } = world.channels.mail;
    const asked = serviceA.letters.findLast(({ cda }) => cda !== undefined);
    const told = doctorsOfB.letters.findLast(({ cda }) => cda !== undefined);
    return asked === undefined || told === undefined ? undefined : { asked, told };
  });
  const keep = (name: string, bytes: Uint8Array) => {
    const path = join(folder, name);
    writeFileSync(path, bytes, { mode: 0o600 });
    return path;
  };
  const kept = (who: string, what: string, { archive, cdaBytes, pdfs }: Letter) => [
    keep(`${who}-${what}-IHE_XDM.zip`, archive ?? Buffer.alloc(0)),
    keep(`${who}-${what}.xml`, cdaBytes ?? Buffer.alloc(0)),
    ...pdfs.map(({ bytes }) => keep(`${who}-${what}.pdf`, bytes)),
  ];
  const qualified = asked.headers.get('x-mss-ins') === 'O';
  return {
    sender: 'spsti-a',
    recipient: 'spsti-b',
    identity: qualified ? 'QUAL (found)' : 'sans INS',
    transform: 'A/H, tiers retirés (courtier)',
    protection: 'STARTTLS (IGC Santé)',
    form: 'CDA N1 et PDF/A-1 dans IHE_XDM, demande et dossier',
    outcome: 'classé (FILED)',
    messageIds: [best.messageId],
    files: [synthesis, ...kept('spsti-a', 'demande', asked), ...kept('spsti-b', 'dossier', told)],
  };
};

async function asDoctor({ people, peopleUrl }: DemoWorld) {
  const token = await people.tokenOf('doctor-b');
  return async (path: string, body?: object): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${peopleUrl}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'relais-issuer': issuerOf('doctor-b'),
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.headers.get('content-type')?.startsWith('application/pdf') === true) {
      return { pdf: Buffer.from(await answer.arrayBuffer()) };
    }
    const json = (await answer.json()) as Record<string, unknown>;
    if (!answer.ok) throw new Error(`${path} : ${String(json['code'])}`);
    return json;
  };
}
