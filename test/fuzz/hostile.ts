import type { Random } from "./random.js";

const utf8 = new TextEncoder();

/** What a guest may call itself to move a cursor, turn text round, hide, or look like something else. */
const STRINGS: readonly Uint8Array[] = [
  ...[
    "",
    "guest-1",
    "\u001b[2J\u001b[1;31mroot#\u001b[0m",
    "\u001b]0;title\u0007\u001b]8;;http://example.net\u0007link",
    "abc\u202egnp.exe\u2066x\u2069",
    "a\u0000b\u0000",
    "\u0000\u0000\u0000",
    "line\r\nline\nline\u2028line\u2029line\u0085line",
    "\u009b31mC1\u0090\u009c\u009d",
    "\b\b\b\b\t\v\f\u007f",
    "zero\u200bwidth\u200djoin\ufeff\u00ad\u034f\u3164\u2800",
    "\u{e0041}\u{e0042}\u{e007f}\u{f0000}\u{10ffff}",
    "e\u0301\u0301\u0301\u0301\u0301\u20dd",
    "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}",
    "漢字かな\uff21\uff22 한국",
    "\\x1b[2J\\u{202e}\\\\",
    "$(reboot); `reboot` ' \" && | > /etc/x",
    "%s%n%x",
    "__proto__",
    "constructor",
    "toString",
    "a\u00a0b\u3000c\u2003d",
    "dhcpcd-9.4.1:Linux-5.15.0:x86_64:GenuineIntel",
    "udhcp 1.36.1",
    "MSFT 5.0",
    "PXEClient:Arch:00007:UNDI:003016",
    "anaconda-Linux 5.14.0 x86_64",
    "a".repeat(255),
    "word ".repeat(50),
    "\u001b".repeat(200),
    "\u202e".repeat(80),
  ].map((text) => utf8.encode(text)),
  // No UTF-8: surrogates, overlong forms, what is cut off, what continues nothing.
  Uint8Array.of(0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80),
  Uint8Array.of(0xc0, 0x9b, 0xe0, 0x80, 0x9b, 0xf0, 0x80, 0x80, 0x9b),
  Uint8Array.of(0x61, 0xf0, 0x9f, 0x91),
  Uint8Array.of(0x80, 0x9b, 0xbf, 0xfe, 0xff, 0xff),
  Uint8Array.of(0x9b, 0x32, 0x4a),
];

/** Words of strangers, at most `limit` bytes of them. */
export function hostileText(random: Random, limit = 255): Uint8Array {
  const text = random.oneIn(6) ? random.bytes(random.below(64)) : random.pick(STRINGS);
  return text.slice(0, limit);
}
