import { describe, it, TestRunner } from "vitest";

/** Ends the running test as skipped. The reporter prints the reason. */
export function skipTest(reason: string): never {
  const test = TestRunner.getCurrentTest();
  if (test === undefined) throw new Error(`only a running test can be skipped: ${reason}`);
  return test.context.skip(reason);
}

/** `describe`, or a single skipped test in its place where there is a reason; `body` is then not called. */
export function describeUnless(reason: string | null, name: string, body: () => void): void {
  describe(name, () => {
    if (reason === null) body();
    else it("is skipped", () => skipTest(reason));
  });
}
