import { describe, expect, it } from "vitest";
import { normalizeClient } from "../../src/cli/client-name.js";
import { parseMoment } from "../../src/cli/moments.js";
import { styleOf } from "../../src/cli/terminal.js";
import { UsageError } from "../../src/cli/usage-error.js";

describe("parseMoment", () => {
  const noon = Date.UTC(2026, 10, 22, 12) / 1000;
  it.each([
    ["2026-11-22", { kind: "absolute", time: noon - 43_200, offset: null }],
    ["2026-11-22T12:00", { kind: "absolute", time: noon, offset: null }],
    ["2026-11-22 12:00:00.5Z", { kind: "absolute", time: noon + 0.5, offset: 0 }],
    ["2026-11-22T13:30+01:30", { kind: "absolute", time: noon + 5400, offset: 5400 }],
    ["2026-11-22T07:00:00-0500", { kind: "absolute", time: noon - 18_000, offset: -18_000 }],
    ["11:02", { kind: "time-of-day", time: 39_720, offset: null }],
    ["11:02:03.25+02:00", { kind: "time-of-day", time: 39_723.25, offset: 7200 }],
    ["-15m", { kind: "before-end", time: 900 }],
    ["-1.5h", { kind: "before-end", time: 5400 }],
    ["-2d", { kind: "before-end", time: 172_800 }],
  ])("%s", (text, moment) => {
    expect(parseMoment(text)).toEqual(moment);
  });

  it.each([
    "",
    "now",
    "24:00",
    "11:60",
    "11:02:60",
    "1:02",
    "15m",
    "-15",
    "2026-13-01",
    "2026-02-29",
    "11:02+15:00",
    "11",
  ])("%j is no time", (text) => {
    expect(() => parseMoment(text)).toThrow(UsageError);
  });
});

describe("normalizeClient", () => {
  it.each([
    ["52:54:00:12:65:64", "52:54:00:12:65:64"],
    ["52-54-00-12-65-6A", "52:54:00:12:65:6a"],
    ["5254.0012.656A", "52:54:00:12:65:6a"],
    ["52540012656a", "52:54:00:12:65:6a"],
    ["0:1:2:a:b:c", "00:01:02:0a:0b:0c"],
    [" Web3.Example ", "web3.example"],
    ["10.8.12.20", "10.8.12.20"],
  ])("%s is %s", (text, client) => {
    expect(normalizeClient(text)).toBe(client);
  });
});

describe("styleOf", () => {
  const terminal = { isTTY: true, columns: 132 };

  it.each([
    [terminal, {}, 132],
    [{}, { COLUMNS: "100" }, 100],
    [{}, { COLUMNS: "wide" }, 80],
    [{ isTTY: true, columns: 0 }, {}, 80],
  ])("%j %j has %i columns", (screen, environment, columns) => {
    expect(styleOf(screen, environment).columns).toBe(columns);
  });

  it.each([
    [terminal, {}, true],
    [terminal, { NO_COLOR: "1" }, false],
    [terminal, { NO_COLOR: "" }, true],
    [terminal, { TERM: "dumb" }, false],
    [terminal, { FORCE_COLOR: "0" }, false],
    [{}, {}, false],
    [{}, { FORCE_COLOR: "1", NO_COLOR: "1" }, true],
  ])("%j %j: colour is %s", (screen, environment, color) => {
    expect(styleOf(screen, environment).color).toBe(color);
  });

  it.each([
    [{ LANG: "en_US.UTF-8" }, true],
    [{ LANG: "en_US.UTF-8", LC_ALL: "C" }, false],
    [{ LC_ALL: "", LC_CTYPE: "C.utf8", LANG: "C" }, true],
    [{}, false],
  ])("%j: unicode is %s", (environment, unicode) => {
    expect(styleOf({}, environment).unicode).toBe(unicode);
  });
});
