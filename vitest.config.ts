import { configDefaults, defineConfig } from 'vitest/config';

/** Specs that count processes, threads or memory, or hold up the event loop: each in a process of its own. */
const ALONE = ['libs/documents/**/*.spec.ts', 'apps/cli/**/*.spec.ts', 'test/**/*.spec.ts'];

/** Specs that start many processes under load, and kill some. */
const FAULTS = 'test/faults/**/*.spec.ts';

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  cacheDir: 'var/.vitest',
  test: {
    pool: 'forks',
    // many suites wait for sockets and processes more than they compute
    maxWorkers: 4,
    execArgv: ['--conditions=source'],
    // of a machine where others work too
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    // test/run.ts names what passes at its second try
    retry: 1,
    // servers that suites share are ended with the run
    globalSetup: ['test/services/teardown.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'units',
          include: ['{apps,libs,contracts}/**/*.spec.ts'],
          exclude: [...configDefaults.exclude, ...ALONE],
          // modules are loaded once a worker, not once a file
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: ALONE, exclude: [...configDefaults.exclude, FAULTS] },
      },
      // after all others, since they take the whole machine
      {
        extends: true,
        test: { name: 'faults', include: [FAULTS], maxWorkers: 2, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
