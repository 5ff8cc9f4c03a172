import { blockMarkdown, pageMarkdown, prose, remedyMarkdown, type Place } from "./markdown.js";
import { MESSAGES } from "./messages.js";
import type { Block, Code, Topic } from "./page.js";
import { everyRemedy, GROUPS, isCode, PAGES, type Group } from "./pages.js";

/** The pages of docs/ that say what `leasetap explain` says. `npm run docs` writes them. */

const REMEDY_TOPICS: readonly Topic[] = ["names", "check", "lease-time"];

const CHECKSUM_GROUPS: readonly Group[] = [GROUPS.verdicts, GROUPS.patterns];
const CAUSE_GROUPS: readonly Group[] = [
  GROUPS.ignored,
  GROUPS.unanswered,
  GROUPS.notes,
  GROUPS.host,
  { title: GROUPS.topics.title, codes: GROUPS.topics.codes.filter((code) => !REMEDY_TOPICS.includes(code)) },
];

const HEADER =
  "<!-- Written by `npm run docs` from src/explain and src/findings/remedies; leasetap explain says the same. Change it there. -->";

/** Name of each file below docs/, and its text. */
export function docs(): Map<string, string> {
  return new Map([
    ["causes.md", file(causes("causes.md"))],
    ["checksums.md", file(checksums("checksums.md"))],
    ["remedies.md", file(remedies("remedies.md"))],
  ]);
}

const CAUSES_INTRO: readonly Block[] = [
  "Each lost renewal, and each lost attempt to get a lease, gets exactly one of these codes. `leasetap explain CODE` prints the same on a terminal. How sure the program is stands beside the code: see [confidence](#confidence). What to do, with commands, is in [remedies.md](remedies.md); what a checksum tells, in [checksums.md](checksums.md).",
  "A reply counts as ignored when the client goes on as if it had not come: the same request again, a request long before the T1 that the reply would have given it, a broadcast long before its T2, a DISCOVER at the end of the old lease. The checksum alone never proves a loss: most clients accept what looks wrong on a bridge.",
];

function* causes(own: string): Generator<string> {
  yield* ["# Causes", ""];
  yield* intro(CAUSES_INTRO);
  yield* ["## Searching for a line that another program printed?", ""];
  yield* ["| line | printed by | see |", "|---|---|---|"];
  for (const { text, printedBy, code } of MESSAGES) {
    yield `| \`${text}\` | ${printedBy} | [${code}](${placeIn(own)(code) ?? ""}) |`;
  }
  yield "";
  yield* groups(CAUSE_GROUPS, own);
}

const CHECKSUMS_INTRO: readonly Block[] = [
  "Every DHCP frame gets one verdict on its UDP checksum, and a wrong checksum a pattern where the bytes tell one. Both are in the `frame` records of `--json`. The sums are one's complement (RFC 1071): 16-bit words are added, and what overflows is added back in. All numbers of the sums below are hexadecimal.",
];

function* checksums(own: string): Generator<string> {
  yield* ["# What a UDP checksum tells", ""];
  yield* intro(CHECKSUMS_INTRO);
  yield* groups(CHECKSUM_GROUPS, own);
}

const REMEDIES_INTRO: readonly Block[] = [
  "For each cause, best first. The report prints the first one that fits; `--json` has all that fit the capture, and `leasetap explain NAME` prints any of them. Commands of iptables, nft, ethtool, bridge, ebtables and ss were run in a network namespace on Linux 6.18, settings of units checked with systemd-analyze; the one of tc was parsed only, since that kernel has no act_csum. virsh, nmap and arping are as their manuals have them.",
];

function* remedies(own: string): Generator<string> {
  yield* ["# Remedies", ""];
  yield* intro(REMEDIES_INTRO);
  for (const code of REMEDY_TOPICS) {
    const place = placeIn(own);
    const { title, what, example } = PAGES[code];
    yield* [`## ${code}`, "", ...prose(`${title.slice(0, 1).toUpperCase()}${title.slice(1)}.`, place, code)];
    for (const block of what) yield* ["", ...blockMarkdown(block, place, code)];
    if (example !== null) {
      const { capture, says, lines, so } = example;
      yield* ["", ...prose(`On a recording, ${capture}: ${says}`, place, code), ""];
      if (lines.length > 0) yield* ["```", ...lines, "```", ""];
      yield* prose(so, place, code);
    }
    yield "";
  }
  yield* ["## Which remedies a code has", "", "| code | remedies |", "|---|---|"];
  for (const [name, page] of Object.entries(PAGES)) {
    if (page.remedies.length === 0) continue;
    const names = page.remedies.map(({ id }) => `[${id}](#${id})`).join(", ");
    yield `| [${name}](${placeIn(own)(name) ?? ""}) | ${names} |`;
  }
  yield* ["", "## The remedies", ""];
  yield* remedyMarkdown(everyRemedy(), placeIn(own));
}

function* intro(blocks: readonly Block[]): Generator<string> {
  for (const block of blocks) yield* typeof block === "string" ? [...prose(block, () => null, "", false), ""] : [];
}

function* groups(all: readonly Group[], own: string): Generator<string> {
  for (const { title, codes } of all) {
    yield* [`## ${title}`, ""];
    for (const code of codes) yield* [...pageMarkdown(code, PAGES[code], placeIn(own)), ""];
  }
}

/** The section of a code or a remedy, as seen from one of these files. */
function placeIn(own: string): Place {
  return (name) => {
    const home = homeOf(name);
    return home === null ? null : `${home === own ? "" : home}#${name}`;
  };
}

function homeOf(name: string): string | null {
  if (isCode(name)) return homeOfCode(name);
  return everyRemedy().some(({ id }) => id === name) ? "remedies.md" : null;
}

function homeOfCode(code: Code): string {
  if (REMEDY_TOPICS.some((topic) => topic === code)) return "remedies.md";
  return CHECKSUM_GROUPS.some(({ codes }) => codes.includes(code)) ? "checksums.md" : "causes.md";
}

function file(lines: Iterable<string>): string {
  const text = [HEADER, "", ...lines].join("\n");
  return `${text.replace(/\n{3,}/g, "\n\n").trimEnd()}\n`;
}
