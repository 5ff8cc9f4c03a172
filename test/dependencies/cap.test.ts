import { expect, it } from "vitest";
import { absent } from "../support/tools.js";

// Only imported: opening a device needs privileges, and cap ends its process when an interface goes down.
it("cap was built against libpcap and can be imported", async () => {
  let cap: unknown;
  try {
    cap = await importModule("cap");
  } catch (error) {
    absent(`needs the optional dependency cap: ${String(error)}`);
  }
  expect(cap).toHaveProperty("default.Cap");
});

/** By a name that the compiler does not follow: the package is optional and has no types. */
async function importModule(name: string): Promise<unknown> {
  return import(name);
}
