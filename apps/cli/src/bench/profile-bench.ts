/** `relais bench --profile`: the embedded broker under load with V8's profiler on, its CPU by stage for each size. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { table } from '../demo/table.ts';
import { companyFile } from './company-file.ts';
import { openCourse } from './course.ts';
import { measure } from './measure.ts';
import { readProfile } from './profile.ts';
import { startRelais } from './relais-contender.ts';

export interface ProfileBenchOptions {
  sizes: readonly number[];
  seconds: number;
  callers: number;
  print: (text: string) => void;
}

const FIRST_CONSUMERS = 15;

export async function runProfileBench({
  sizes,
  seconds,
  callers,
  print,
}: ProfileBenchOptions): Promise<number> {
  for (const size of sizes) {
    const home = mkdtempSync(join(tmpdir(), 'relais-profile-'));
    try {
      const course = await openCourse(home);
      const profiles = join(home, 'profiles');
      const flags = ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
      const contender = await startRelais({ course, flags });
      const measured = await measure({
        course,
        contender,
        content: companyFile(size),
        loop: { callers },
        warmUpMs: 1_500,
        measureMs: seconds * 1000,
      }).finally(() => contender.stop());
      course.sink.close();
      print(
        `${size / 1000} ko : ${measured.perSecond.toFixed(0)} msg/s, CPU ${measured.cpuMs.toFixed(2)} ms/msg sous profileur`,
      );
      for (const name of readdirSync(profiles)) {
        const { thread, stages, consumers } = readProfile(join(profiles, name), seconds * 1000);
        const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
        const rows = stages.map(({ name, share }) => [name, percent(share)]);
        print(`\n${table([thread, 'CPU'], rows)}\n`);
        const first = consumers.slice(0, FIRST_CONSUMERS).map(({ name, share }) => [name, percent(share)]);
        print(`${table(['premiers consommateurs', 'CPU'], first)}\n`);
      }
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }
  return 0;
}
