import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ReceivedBundle } from '../../../simulators/src/esms/index.ts';
import { awaited, type DemoWorld, type FlowDemo } from './demo-run.ts';

const SAMPLES = 'contracts/medico-social/samples/valid';

/** Service A tells the establishment, once for its health professionals and once for its social ones. */
export const medicoSocialDemo: FlowDemo = async (world) => {
  const received = [await told(world, 'health'), await told(world, 'social')];
  const folder = world.folder('medico-social');
  mkdirSync(folder, { recursive: true });
  const files = received.flatMap(({ bundle, files: written }) => {
    const readers = bundle.meta?.tag?.[0]?.code === 'SANTE' ? 'soignants' : 'accompagnement-social';
    return written.map((file) => {
      const copy = join(
        folder,
        `esms-1-${readers}-${basename(file).replace(/^summary-[0-9a-f-]+/, 'synthese')}`,
      );
      copyFileSync(file, copy);
      return copy;
    });
  });
  const created = received.map(({ bundle }) => bundle.entry?.length ?? 0);
  const hasIns = received.every(({ bundle }) =>
    JSON.stringify(bundle).includes('urn:oid:1.2.250.1.213.1.4.'),
  );
  return {
    sender: 'spsti-a',
    recipient: 'esms-1',
    identity: hasIns ? 'QUAL (found)' : 'sans matricule',
    transform: 'restreinte (courtier), vaccinations aux soignants',
    protection: 'mTLS (clé de Relais jusqu’à l’envoi)',
    outcome: `${created.join(' + ')} ressources créées`,
    messageIds: received.map(({ messageId }) => messageId),
    files,
  };
};

async function told({ services, esms }: DemoWorld, sample: string): Promise<ReceivedBundle> {
  const { client } = services['spsti-a'];
  const { id } = await client.send({
    id: `medico-social-${sample}-${Date.now()}`,
    type: 'fr.relais-st.medico-social.summary.v1',
    datacontenttype: 'application/json',
    recipient: 'esms-1',
    data: readFileSync(join(SAMPLES, `summary.${sample}.json`)),
  });
  await awaited('la création chez l’établissement', async () => {
    const { status } = await client.message(id);
    return status === 'delivered' ? true : undefined;
  });
  return awaited('ce que l’établissement a gardé', async () =>
    esms.received.find(({ messageId }) => messageId === id),
  );
}
