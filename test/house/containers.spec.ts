import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfiguration } from '../../apps/broker/src/config/environment.ts';
import { PROCESS_ROLES } from '../../apps/broker/src/config/settings.ts';
import { BROKER_ENVIRONMENT, BROKER_FLAGS } from '../../apps/cli/src/demo/broker-process.ts';

const root = join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');

interface Service {
  build?: string;
  image?: string;
  profiles?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  secrets?: (string | { source: string })[];
  healthcheck?: { test: string[] };
  stop_grace_period?: string;
  depends_on?: Record<string, { condition: string }>;
}

const compose = parse(read('compose.yaml'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, null>;
  secrets: Record<string, { file: string }>;
};
const services = Object.entries(compose.services);
/** those made of our image */
const brokers = services.filter(([, { build }]) => build !== undefined);
const distributed = brokers.filter(([name]) => name !== 'broker');
const dockerfile = DockerfileParser.parse(read('Dockerfile'));
const instructions = dockerfile.getInstructions();
const settings = new Map(
  [...read('.env.example').matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
);

/** Words of every instruction of this kind, in order. */
function all(keyword: string): string[][] {
  return instructions
    .filter((instruction) => instruction.getKeyword() === keyword)
    .map((instruction) => instruction.getArguments().map((argument) => argument.getValue()));
}

/** Sources that COPY takes from the repository, not from another stage. */
const copied = dockerfile
  .getCOPYs()
  .filter((copy) => copy.getFromFlag() === null)
  .flatMap((copy) => copy.getArguments().slice(0, -1))
  .map((argument) => argument.getValue());

describe('the image', () => {
  it('is made of files that exist, the only ones that its context lets in', () => {
    expect(copied.length).toBeGreaterThan(5);
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const context = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(context[0]).toBe('*');
    expect(context.slice(1).sort()).toEqual(copied.map((path) => `!${path}`).sort());
  });

  it('runs on the Node of package.json, in the two stages', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const major = dependencies['node']?.split('.')[0];
    expect(all('FROM').map(([image]) => image)).toEqual([`node:${major}-slim`, `node:${major}-slim`]);
  });

  it('starts the broker, as nobody in particular', () => {
    const words = all('CMD').at(-1)?.join('') ?? '';
    const program = JSON.parse(words) as string[];
    expect(program[0]).toBe('node');
    expect(program.slice(1, -1)).toEqual(BROKER_FLAGS);
    const source =
      program
        .at(-1)
        ?.replace(/^dist\//, '')
        .replace(/\.js$/, '.ts') ?? '';
    expect(existsSync(join(root, source)), source).toBe(true);
    const last = instructions.filter((instruction) => instruction.getKeyword() === 'USER').at(-1);
    expect(last?.getArgumentsContent()).toBe('node');
  });

  it('starts it as every other way of starting it does', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: { start: string };
    };
    const bin = readFileSync(join(root, 'bin/relais.mjs'), 'utf8');
    for (const flag of BROKER_FLAGS) {
      expect(scripts.start).toContain(flag);
      expect(bin).toContain(flag);
    }
    for (const [name, value] of Object.entries(BROKER_ENVIRONMENT)) {
      expect(scripts.start).toContain(`${name}=${value}`);
      expect(bin).toContain(`${name}: '${value}'`);
    }
  });

  it('keeps production packages only', () => {
    const steps = instructions.map((instruction) => instruction.getArgumentsContent() ?? '');
    const build = steps.findIndex((step) => step.includes('npm run -s build'));
    expect(steps[build]).toContain('npm prune --omit=dev');
  });

  it('opens the ports that the settings name, and asks its own health', () => {
    expect(all('EXPOSE').flat()).toEqual([
      settings.get('RELAIS_PARTNERS_PORT'),
      settings.get('RELAIS_PEOPLE_PORT'),
    ]);
    const check = dockerfile.getHEALTHCHECKs().map((one) => one.getArgumentsContent() ?? '');
    expect(check.join()).toContain(`http://127.0.0.1:${settings.get('RELAIS_HEALTH_PORT')}/health/ready`);
  });

  it('sets only settings that exist', () => {
    const names = dockerfile
      .getENVs()
      .flatMap((env) => env.getProperties().map((property) => property.getName()));
    const others = ['NODE_ENV', ...Object.keys(BROKER_ENVIRONMENT)];
    expect(names.filter((name) => !settings.has(name)).sort()).toEqual(others.sort());
    expect(names).toContain('RELAIS_HOME');
  });
});

describe('compose.yaml', () => {
  it('starts the broker alone, and the rest with the distributed set-up only', () => {
    const always = services.filter(([, { profiles }]) => profiles === undefined).map(([name]) => name);
    expect(always).toEqual(['broker']);
    const others = services.filter(([, { image }]) => image !== undefined).map(([name]) => name);
    expect(others).toEqual(['postgres', 'rabbitmq']);
    expect(brokers.map(([, { build }]) => build)).toEqual(brokers.map(() => '.'));
  });

  it('gives each role to a service of the distributed set-up, with the settings of the others', () => {
    const roles = distributed.flatMap(([, { environment = {} }]) => environment['RELAIS_ROLES']?.split(','));
    expect(roles.sort()).toEqual([...PROCESS_ROLES].sort());
    const alone = compose.services['broker']?.environment;
    for (const [name, { environment = {}, secrets, depends_on: after = {} }] of distributed) {
      const { RELAIS_ROLES: _, DATABASE_URL_FILE: database, AMQP_URL_FILE: queue, ...rest } = environment;
      expect([name, rest]).toEqual([name, alone]);
      expect([database, queue]).toEqual(secrets?.map((secret) => `/run/secrets/${secret}`));
      expect(Object.keys(after)).toEqual(['postgres', 'rabbitmq']);
    }
  });

  it('is started with what each role reads', () => {
    const folder = mkdtempSync(join(tmpdir(), 'relais-compose-'));
    const secret = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const files = {
      DATABASE_URL_FILE: secret('database-url', 'postgres://relais:x@postgres/relais\n'),
      AMQP_URL_FILE: secret('amqp-url', 'amqp://relais:x@rabbitmq\n'),
    };
    for (const [name, { environment = {} }] of brokers) {
      const { roles, databaseUrl, amqpUrl } = readConfiguration({
        ...environment,
        ...(name === 'broker' ? {} : files),
      });
      expect(roles).toEqual(name === 'broker' ? PROCESS_ROLES : environment['RELAIS_ROLES']?.split(','));
      expect([databaseUrl === undefined, amqpUrl === undefined]).toEqual(Array(2).fill(name === 'broker'));
    }
    rmSync(folder, { recursive: true });
  });

  it('leaves every broker more time to stop than it takes by itself', () => {
    const drain = Number(settings.get('RELAIS_DRAIN_SECONDS'));
    for (const [, { stop_grace_period: grace }] of brokers)
      expect(Number.parseInt(grace ?? '0', 10)).toBeGreaterThan(drain + 5);
  });

  it('uses only variables that .env.example declares, with the same defaults', () => {
    const used = [...read('compose.yaml').matchAll(/\$\{([A-Z_]+)(?::-([^}]*))?\}/g)];
    expect(used.length).toBeGreaterThan(0);
    for (const [, name = '', fallback] of used) expect([name, fallback]).toEqual([name, settings.get(name)]);
    const given = brokers.flatMap(([, { environment = {} }]) => Object.keys(environment));
    expect(given.filter((name) => !settings.has(name))).toEqual([]);
  });

  it('publishes each port under its own number, and no health port', () => {
    const ports = (some: typeof services) => some.flatMap(([, { ports = [] }]) => ports);
    expect(ports(services)).toHaveLength(4);
    for (const port of ports(services))
      expect(port).toMatch(/^(\$\{RELAIS_(PARTNERS|PEOPLE)_PORT:-\d+\}):\1$/);
    expect(ports(distributed)).toEqual(compose.services['broker']?.ports);
  });

  it('holds no secret, only files of secrets that git ignores', () => {
    const values = services.flatMap(([, { environment = {} }]) => Object.entries(environment));
    const spoken = values.filter(
      ([name]) => /(PASS|SECRET|KEY|TOKEN|URL|KEK)/.test(name) && !name.endsWith('_FILE'),
    );
    expect(spoken).toEqual([]);
    expect(read('compose.yaml')).not.toMatch(/:\/\/[^/\s]*:[^/\s]*@/);
    for (const { file } of Object.values(compose.secrets)) expect(file).toMatch(/^var\//);
    expect(read('.gitignore').split('\n')).toEqual(expect.arrayContaining(['var/', '.env']));
  });

  it('declares what it names: volumes and secrets', () => {
    const volumes = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]));
    expect([...new Set(volumes)].sort()).toEqual(Object.keys(compose.volumes).sort());
    const secrets = services.flatMap(([, one]) =>
      (one.secrets ?? []).map((secret) => (typeof secret === 'string' ? secret : secret.source)),
    );
    expect([...new Set(secrets)].sort()).toEqual(Object.keys(compose.secrets).sort());
  });

  it('knows when each service is well: by its image, or by its own check', () => {
    expect(dockerfile.getHEALTHCHECKs()).toHaveLength(1);
    for (const [name, { image, healthcheck }] of services)
      expect(image === undefined || healthcheck !== undefined, name).toBe(true);
  });
});
