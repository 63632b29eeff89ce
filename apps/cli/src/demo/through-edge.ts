import { join } from 'node:path';
import { startEdge } from '../edge/edge-service.ts';
import type { DemoWorld } from './demo-run.ts';

/**
 * What a service's own edge, asked over HTTP, lets out of these inputs; its keys are in the service's folder.
 * @throws Error with the findings of a refusal
 */
export async function throughOwnEdge(
  { folder }: DemoWorld,
  service: keyof DemoWorld['services'],
  flow: string,
  inputs: readonly unknown[],
): Promise<unknown[]> {
  const edge = await startEdge({ port: 0, folder: join(folder(service), 'edge') });
  try {
    return await Promise.all(
      inputs.map(async (input) => {
        const answer = await fetch(`${edge.url}/${flow}`, { method: 'POST', body: JSON.stringify(input) });
        if (!answer.ok) throw new Error(`edge : ${await answer.text()}`);
        return answer.json();
      }),
    );
  } finally {
    await edge.close();
  }
}
