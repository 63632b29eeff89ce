import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
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
}

const compose = parse(read('compose.yaml')) as {
  services: Record<string, Service>;
  volumes: Record<string, null>;
  secrets: Record<string, { file: string }>;
};
const services = Object.entries(compose.services);
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
    expect(Object.keys(compose.services).sort()).toEqual(['broker', 'postgres', 'rabbitmq']);
    expect(compose.services['broker']?.build).toBe('.');
  });

  it('uses only variables that .env.example declares, with the same defaults', () => {
    const used = [...read('compose.yaml').matchAll(/\$\{([A-Z_]+)(?::-([^}]*))?\}/g)];
    expect(used.length).toBeGreaterThan(0);
    for (const [, name = '', fallback] of used) expect([name, fallback]).toEqual([name, settings.get(name)]);
    const given = Object.keys(compose.services['broker']?.environment ?? {});
    expect(given.filter((name) => !settings.has(name))).toEqual([]);
  });

  it('publishes each port under its own number, and no health port', () => {
    const ports = compose.services['broker']?.ports ?? [];
    expect(ports).toHaveLength(2);
    for (const port of ports) expect(port).toMatch(/^(\$\{RELAIS_(PARTNERS|PEOPLE)_PORT:-\d+\}):\1$/);
    expect(services.filter(([name]) => name !== 'broker').flatMap(([, { ports = [] }]) => ports)).toEqual([]);
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
    expect(volumes.sort()).toEqual(Object.keys(compose.volumes).sort());
    const secrets = services.flatMap(([, one]) =>
      (one.secrets ?? []).map((secret) => (typeof secret === 'string' ? secret : secret.source)),
    );
    expect(secrets.sort()).toEqual(Object.keys(compose.secrets).sort());
  });

  it('knows when each service is well: by its image, or by its own check', () => {
    expect(dockerfile.getHEALTHCHECKs()).toHaveLength(1);
    for (const [name, { image, healthcheck }] of services)
      expect(image === undefined || healthcheck !== undefined, name).toBe(true);
  });
});
