import type { SerializedError } from "vitest";
import type { Reporter, TestCase, TestModule } from "vitest/node";

/** Says what vitest's own reporter leaves out: the seed, why tests were skipped, and one closing line of counts. */
export class PlainReporter implements Reporter {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  onTestRunStart(): void {
    print(`seed of this run: ${this.#seed} (LEASETAP_SEED=${this.#seed} repeats it)`);
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const broken = modules.filter((module) => module.errors().length > 0 || brokenSuites(module) > 0);

    for (const line of reasons(tests)) print(line);
    const passed = count(tests, "passed");
    const failed = count(tests, "failed") + broken.length + unhandledErrors.length;
    print(`${passed} passed, ${failed} failed, ${count(tests, "skipped")} skipped`);
  }
}

/** A line for each reason that tests gave for being skipped. */
function reasons(tests: readonly TestCase[]): string[] {
  const counts = new Map<string, number>();
  for (const test of tests) {
    const result = test.result();
    if (result.state !== "skipped") continue;
    const reason = result.note ?? `no reason given: ${test.fullName}`;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, number]) => `skipped ${number}: ${reason}`);
}

/** Suites that failed outside of their tests, in a hook for example. */
function brokenSuites(module: TestModule): number {
  return [...module.children.allSuites()].filter((suite) => suite.errors().length > 0).length;
}

function count(tests: readonly TestCase[], state: "passed" | "failed" | "skipped"): number {
  return tests.filter((test) => test.result().state === state).length;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
