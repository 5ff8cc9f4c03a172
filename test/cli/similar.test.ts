import { describe, expect, it } from "vitest";
import { similar } from "../../src/cli/similar.js";

const commands = ["analyze", "verify", "live", "explain"];

describe("similar", () => {
  it.each([
    ["analyse", ["analyze"]],
    ["anaylze", ["analyze"]],
    ["ANALYZE", ["analyze"]],
    ["analyz", ["analyze"]],
    ["ver", ["verify"]],
    ["lvie", ["live"]],
    ["xplain", ["explain"]],
    ["frobnicate", []],
    ["", []],
    ["-", []],
    ["x", []],
    ["a".repeat(100_000), []],
  ])("%j", (word, meant) => {
    expect(similar(word, commands)).toEqual(meant);
  });

  it("names all that are equally close", () => {
    expect(similar("--sinc", ["--since", "--sing", "--until"])).toEqual(["--since"]);
    expect(similar("--cat", ["--car", "--cut", "--frames"])).toEqual(["--car", "--cut"]);
  });

  it("counts a swap of neighbours as one slip", () => {
    expect(similar("--jsno", ["--json", "--jet"])).toEqual(["--json"]);
  });
});
