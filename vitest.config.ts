import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  cacheDir: 'var/.vitest',
  test: {
    include: ['{apps,libs,contracts,test}/**/*.spec.ts'],
    pool: 'forks',
    // many suites wait for sockets and processes more than they compute
    maxWorkers: 4,
    execArgv: ['--conditions=source'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // servers that suites share are ended with the run
    globalSetup: ['test/services/teardown.ts'],
  },
});
