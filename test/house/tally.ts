/** What a run of vitest amounts to, from its JSON report and its exit code. */

/** The part of vitest's JSON report that is read. */
export interface VitestReport {
  testResults: readonly {
    /** absolute path */
    name: string;
    /** `failed` also when the file itself broke: import, hook, crash of its worker */
    status: 'passed' | 'failed';
    message: string;
    assertionResults: readonly {
      ancestorTitles: readonly string[];
      fullName: string;
      status: 'passed' | 'failed' | 'skipped' | 'pending' | 'todo';
      /** of every try, also of one that passed in the end */
      failureMessages?: readonly string[];
    }[];
  }[];
}

export interface Tally {
  passed: number;
  failed: number;
  /** failures that no test shows: what broke, in words */
  broken: readonly string[];
  /** suites not run for want of a program, e.g. `the INSi client [needs xmllint]` */
  notRun: readonly string[];
  /** suites whose official artefact is absent */
  notAvailable: readonly string[];
  /** tests that never run and say no reason */
  unexplained: readonly string[];
  /** tests that failed, and passed when they were tried once more: each is a fault to be found */
  secondTry: readonly string[];
}

/**
 * @param report undefined when vitest wrote none
 * @param exitCode of vitest; a signal counts as any other code than 0
 */
export function tally(report: VitestReport | undefined, exitCode: number | null): Tally {
  const tests = (report?.testResults ?? []).flatMap(({ assertionResults }) => assertionResults);
  const failed = tests.filter(({ status }) => status === 'failed').length;
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  const broken = (report?.testResults ?? [])
    .filter(
      (file) => file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed'),
    )
    .map(({ name, message }) => `${name}: ${message.split('\n')[0] || 'did not finish'}`);
  if (report === undefined) broken.push('vitest wrote no report');
  else if (tests.length === skipped.length && broken.length === 0) broken.push('no test ran');
  else if (exitCode !== 0 && failed === 0 && broken.length === 0)
    broken.push('vitest failed outside any test: an unhandled error, see above');
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: failed + broken.length,
    broken,
    notRun: suitesMarked(skipped, ' [needs '),
    notAvailable: suitesMarked(skipped, ' [not available: '),
    unexplained: skipped
      .filter(
        ({ ancestorTitles }) => !ancestorTitles.some((title) => / \[(needs|not available:) /.test(title)),
      )
      .map(({ fullName }) => fullName),
    secondTry: tests
      .filter(({ status, failureMessages = [] }) => status === 'passed' && failureMessages.length > 0)
      .map(({ fullName }) => fullName),
  };
}

/** The outermost suite of each test whose title carries this mark (test/peers/programs.ts writes it). */
function suitesMarked(tests: readonly { ancestorTitles: readonly string[] }[], mark: string): string[] {
  const suites = tests.flatMap(
    ({ ancestorTitles }) => ancestorTitles.find((title) => title.includes(mark)) ?? [],
  );
  return [...new Set(suites)].sort();
}
