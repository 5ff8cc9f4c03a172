import { describe, expect, it } from "vitest";
import { EVERYTHING } from "../../src/report/filter.js";
import { records } from "../../src/report/json.js";
import { renderMarkdown } from "../../src/report/markdown.js";
import { safeJson } from "../../src/report/safe-text.js";
import { renderReport } from "../../src/report/text.js";
import type { Findings } from "../../src/report/json.js";
import { withoutCode } from "./support/code-spans.js";
import { foundIn, named } from "./support/found.js";
import { DISTURBING, HOSTILE, refused, rescued } from "./support/strangers.js";

/** A client in trouble and one with a note, both of that name, from a file of that name. */
function cases(text: string): Findings[] {
  return [refused(text), rescued(text)].map((story) => named(foundIn(story.run()), `${text}.pcap`));
}

function expectHarmless(lines: Iterable<string>): void {
  for (const line of lines) expect(line).not.toMatch(DISTURBING);
}

describe.each(HOSTILE)("what strangers write (%s)", (_what, text) => {
  const found = cases(text);

  it.each([40, 80])("cannot disturb a terminal of %i columns", (columns) => {
    for (const verbose of [false, true]) {
      for (const unicode of [false, true]) {
        for (const one of found) {
          const report = [...renderReport(one, EVERYTHING, { columns, color: false, unicode }, { verbose })];
          expectHarmless(report);
          expect(report.join("\n").length).toBeGreaterThan(200);
        }
      }
    }
  });

  it("has no other colour than the report's own", () => {
    for (const one of found) {
      const report = [...renderReport(one, EVERYTHING, { columns: 80, color: true, unicode: true })];
      // eslint-disable-next-line no-control-regex
      expectHarmless(report.map((line) => line.replace(/\u001b\[(?:0|1|32|36|1;31|1;33)m/g, "")));
    }
  });

  it("means nothing to a page", () => {
    for (const verbose of [false, true]) {
      for (const one of found) {
        const page = [...renderMarkdown(one, EVERYTHING, { verbose })];
        expectHarmless(page);
        const rest = withoutCode(page).join("\n");
        expect(rest).not.toMatch(/<|>|(?<!\\)[|[\]_~]|https?:|www\.|@|:ab:|reboot|onerror|bold|&(?!lt;|gt;|amp;)/);
      }
    }
  });

  it("is one line of JSON each, and the same when it is read", () => {
    for (const one of found) {
      for (const record of records(one, EVERYTHING, true)) {
        const line = safeJson(record);
        // Spaces of any width are letters to JSON.
        expect(line.replace(/\p{Zs}/gu, " ")).not.toMatch(DISTURBING);
        expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(record)));
      }
    }
  });
});

describe("what strangers write", () => {
  it("is shown, so that one sees what it is", () => {
    const [found] = cases("\u001b[2Jweb\u202e");
    if (found === undefined) throw new Error("no case");
    const flat = [...renderReport(found, EVERYTHING, { columns: 200, color: false, unicode: true })].join(" ");
    expect(flat).toContain("\\x1b[2Jweb\\u{202e}.pcap: 1 client, which lost its address.");
    // Of what options hold, controls are no text at all.
    expect(flat).toContain("\u2717 ERROR 52:54:00:00:00:01  \ufffd[2Jweb\\u{202e}  10.0.0.101");
    expect(flat).toContain('Server 10.0.0.1 answered with DHCPNAK: "\ufffd[2Jweb\\u{202e}".');
    const page = [...renderMarkdown(found, EVERYTHING)].join("\n");
    expect(page).toContain("### ERROR: `52:54:00:00:00:01`, `\ufffd[2Jweb\\u{202e}`, 10.0.0.101,");
  });
});
