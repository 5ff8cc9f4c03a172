import { expect, it } from "vitest";
import { ZSTDDecoder } from "zstddec/stream";
import { EnvironmentError } from "../../src/capture/errors.js";
import { createZstdDecoder } from "../../src/capture/zstd-module.js";

// The package loads its decoder once, and there is no other way to it: this test has a process of its own.
it("a zstd decoder that another part of the process took first is missed in a sentence that says what to do", async () => {
  await new ZSTDDecoder().init();
  const failure: unknown = await createZstdDecoder().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(EnvironmentError);
  expect(String(failure)).toContain("unzstd");
});
