/** A Relais with INTEROPS agreements, an organisation that calls it and one that it calls. */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import {
  interopsAgreement,
  type OrganisationOptions,
  organisationClient,
  sealMandate,
  startOrganisation,
  termsOf,
} from '../../apps/cli/src/demo/channels/interops.ts';
import type {
  InteropsClient,
  InteropsProvider,
  ProviderOptions,
} from '../../apps/simulators/src/interops/index.ts';
import { journal } from './portability.ts';
import { aRelais, type TestRelais } from './relais.ts';

const SAMPLES = join(import.meta.dirname, '../../contracts');

export interface InteropsWorld {
  relais: TestRelais;
  /** the fund's software, which calls Relais */
  fund: InteropsClient;
  /** the fund's service, which Relais calls */
  service: InteropsProvider;
  terms: ReturnType<typeof termsOf>;
  close(): Promise<void>;
}

export interface InteropsWorldOptions extends OrganisationOptions {
  service?: Pick<ProviderOptions, 'answer' | 'encryptionKey' | 'signedAnswers'>;
  /** what is sent to the fund's service is encrypted for it */
  encrypted?: boolean;
  /** the fund has a service of its own */
  called?: boolean;
  settings?: Readonly<Record<string, string>>;
}

export async function anInteropsWorld(options: InteropsWorldOptions = {}): Promise<InteropsWorld> {
  let service: InteropsProvider | undefined;
  const relais = await aRelais(options.settings ?? {}, {
    alsoKeysOf: ['cnam', 'cnam-medical'],
    agreements: async (demo) => {
      const { enc } = demo.paths.partner('cnam');
      const { encrypted = false } = options;
      service = await startOrganisation(demo, 'cnam', {
        ...options.service,
        ...(encrypted ? { encryptionKey: readFileSync(enc.key, 'utf8') } : {}),
      });
      const client = encrypted
        ? { ...options.client, encryption: { file: relative(demo.home, enc.crt) } }
        : options.client;
      return {
        cnam: interopsAgreement(demo, 'cnam', options.called === false ? undefined : service.endpoint, {
          ...options,
          ...(client === undefined ? {} : { client }),
        }),
        'cnam-medical': interopsAgreement(demo, 'cnam-medical', undefined),
        'spsti-a': sealMandate(demo, 'spsti-a'),
      };
    },
  });
  const fund = organisationClient(relais.demo, 'cnam', relais.partnersUrl);
  const started = service as unknown as InteropsProvider;
  return {
    relais,
    fund,
    service: started,
    terms: termsOf('cnam'),
    close: async () => {
      await fund.close();
      await relais.close();
      await started.close();
    },
  };
}

export function sample(flow: string, name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(SAMPLES, flow, 'samples/valid', `${name}.json`), 'utf8')) as Record<
    string,
    unknown
  >;
}

let notices = 0;

/** A stop of an episode of its own. */
export function aNotice(): Record<string, unknown> {
  const notice = sample('sick-leave', 'notice.initial') as { stop: object };
  return { ...notice, stop: { ...notice.stop, episodeId: `episode-interops-${process.pid}-${++notices}` } };
}

/** The call that every test makes: one notice to service a. */
export const noticeOf = (id: string, json: unknown = aNotice()) => ({
  id,
  flow: 'sick-leave',
  object: 'notice',
  recipient: 'spsti-a',
  json,
});

/** Entries of the journal of one kind, oldest first. */
export const entries = (relais: TestRelais, kind: string) =>
  journal(relais).filter((entry) => entry.kind === kind);
