import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { commandLines } from "../../src/report/text-style.js";

const COMMANDS = [
  "echo one",
  "printf '%s\\n' -p udp --dport 68 -j CHECKSUM --checksum-fill --and-more 'a b' \"c  d\" e f g h i j k",
  "echo one | tr o 0 | sed -e 's/n/ N /' -e 's/e/ E /'; echo two; printf '%s;%s\\n' 'x; y' z",
  "false || echo this one is printed and long enough to be wrapped twice || echo this one is not printed at all",
  "true && echo 'udp port 67 or udp port 68' && for i in 1 2; do echo $i; done; echo end of it",
];

function lines(command: string, columns: number): string[] {
  return commandLines(command, { columns, color: false, unicode: false }, 2);
}

describe("a command in several lines", () => {
  it.each(COMMANDS)("does the same to a shell when it is pasted: %s", (command) => {
    const plain = execFileSync("/bin/sh", ["-c", command], { encoding: "utf8" });
    for (const columns of [40, 50, 66, 80, 200]) {
      const pasted = lines(command, columns).join("\n");
      expect(execFileSync("/bin/sh", ["-c", pasted], { encoding: "utf8" }), pasted).toBe(plain);
    }
  });

  it("is one line where it fits", () => {
    expect(lines("echo one; echo two | cat", 40)).toEqual(["  echo one; echo two | cat"]);
  });

  it("gives each of several commands a line, and goes on behind a bar", () => {
    expect(lines("systemctl status dnsmasq kea; ss -lunp 'sport = :67'; nft list ruleset | grep -n bootp", 40)).toEqual(
      ["  systemctl status dnsmasq kea", "  ss -lunp 'sport = :67'", "  nft list ruleset | grep -n bootp"],
    );
    expect(lines("nft list ruleset | grep -n -e 'dport 6[78]' -e bootp", 40)).toEqual([
      "  nft list ruleset |",
      "    grep -n -e 'dport 6[78]' -e bootp",
    ]);
  });
});
