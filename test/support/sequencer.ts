import { BaseSequencer, type TestSpecification } from "vitest/node";

/** They wait or work for minutes by themselves, so they are begun before all others. */
const LONG = [/\/fuzz\.test\.ts$/, /\/lab\/[^/]+\.test\.ts$/, /\/stories\//];

/** Begins the longest files first, so that no worker sits on one of them alone at the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = LONG.findIndex((long) => long.test(moduleId));
      return index === -1 ? LONG.length : index;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
