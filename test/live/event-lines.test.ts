import { describe, expect, it } from "vitest";
import { eventLine } from "../../src/live/event-lines.js";
import { isOfClient } from "../../src/live/live-event.js";
import { namedZone, UTC } from "../../src/report/zone.js";
import { ack, renew, script } from "../support/script.js";
import { watchFrames } from "./watched.js";

const PLAIN = { columns: 80, color: false, unicode: true };
/** Builders take one character an octet; on the wire it is UTF-8, as the program reads it. */
const HOSTILE = Buffer.from("web\u001b[2J\u202e\r\n1").toString("latin1");

describe("a line about an event", () => {
  const lost = script({ lease: 1000, hostname: HOSTILE })
    .bound(0)
    .at(500, renew())
    .at(500.01, ack({ sum: "partial" }))
    .at(700, renew({ secs: 200 }))
    .at(700.01, ack({ sum: "partial" }))
    .bound(1000, { xid: 2 })
    .until(1100);

  it("holds nothing that could move a cursor, break the line or turn the text around", async () => {
    const { told } = await watchFrames(lost.frames);
    // The right-to-left override is in the name as it was decoded.
    const named = told
      .map(({ event }) => event)
      .filter(isOfClient)
      .filter(({ binding }) => binding.name?.startsWith("web") === true);
    expect(named.length).toBeGreaterThan(2);
    for (const event of named) {
      expect(event.binding.name).toContain("\u202e");
      const line = eventLine(event, { seconds: 1_700_000_000, nanos: 0, digits: 6 }, PLAIN, UTC);
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(line).toContain("52:54:00:00:00:01");
    }
  });

  it("says by its own offset which clock it goes by, in summer and in winter", async () => {
    const { told } = await watchFrames(lost.frames);
    const berlin = namedZone("Europe/Berlin");
    const [first] = told;
    if (first === undefined || berlin === null) throw new Error("nothing was told, or there are no zones");
    // 2023-11-14 22:13:20 UTC, and 200 days before that.
    const line = (seconds: number): string => eventLine(first.event, { seconds, nanos: 0, digits: 6 }, PLAIN, berlin);
    expect(line(1_700_000_000)).toMatch(/^2023-11-14 23:13:20 \+01:00 \w/);
    expect(line(1_700_000_000 - 200 * 86_400)).toMatch(/^2023-04-29 00:13:20 \+02:00 \w/);
  });

  it("is plain ASCII where the terminal reads no more", async () => {
    const { told } = await watchFrames(script({ lease: 1000, hostname: "wéb" }).bound(0).until(3000).frames);
    const lines = told.map(({ event }) =>
      eventLine(event, { seconds: 1_700_000_000, nanos: 0, digits: 6 }, { ...PLAIN, unicode: false }, UTC),
    );
    expect(lines).toHaveLength(1);
    expect(lines.join("")).toMatch(/^[\x20-\x7e]+$/);
  });
});
