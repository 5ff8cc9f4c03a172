import { pcapHeader, pcapRecord } from "../../../src/capture/pcap-writer.js";
import { ack, nak, renew, script, type Script } from "../../support/script.js";

/** What a guest, a server or a file may be called to disturb a terminal, a log or a page. */
export const HOSTILE: readonly (readonly [what: string, text: string])[] = [
  ["clears the screen and sets a title", "\u001b[2J\u001b]0;owned\u0007"],
  ["C1 controls", "a\u009b31mb\u0090c\u0085d"],
  ["a line of its own", "web\r\nNote  all is well\n- [x] done"],
  ["turns the direction of text", "web\u202e\u2066txt.exe\u2069"],
  ["hides letters", "w\u200be\u200db\u2060\ufeff\u00ad\u3164\u2800"],
  ["tags and variation selectors", "a\u{e0041}\u{e0042}\ufe0fb"],
  ["marks of this program's own", "a\ue000b\ue001c"],
  ["a forged escape", "\\x1b[2J \\u{202e}"],
  ["HTML", "<img src=x onerror=alert(1)></code><script>x</script><!-- -->&lt;b&gt;"],
  ["Markdown", "**bold** _it_ [link](http://example.net) ![i](x) # h | a | b | ~~s~~"],
  ["backticks", "`a` ``b`` ```\n```sh\nreboot"],
  ["links and mentions without brackets", "www.example.net http://example.net @root #1 :ab: user@example.net"],
  ["a command", "$(reboot); `reboot` && reboot | sh > /etc/passwd"],
  ["nothing but spaces", "   "],
  ["other spaces", "a\u00a0b\u2003c\u3000d"],
];

/** Code points that no line may hold: controls, format characters, what is drawn as nothing, separators, halves. */
// eslint-disable-next-line no-control-regex
export const DISTURBING = /[\u0000-\u001f\u007f-\u009f\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{DI}\u2800]|(?! )\p{Zs}/u;

const utf8 = new TextEncoder();

/** As bytes stand for characters in options of the script. */
export function asOption(text: string): string {
  return Array.from(utf8.encode(text), (octet) => String.fromCharCode(octet)).join("");
}

/** A guest of that name and vendor class whose server refuses its renewal with that message. */
export function refused(text: string): Script {
  const name = asOption(text);
  const own = { hostname: name, vendorClass: name };
  return script({ lease: 120, ...own })
    .bound(0)
    .at(60, renew(own))
    .at(60.01, nak({ message: name }))
    .bound(60.1, { xid: 2, address: "10.0.0.150" })
    .until(80);
}

/** A guest of that name that ignores a reply, and takes the next: a note. */
export function rescued(text: string): Script {
  const own = { hostname: asOption(text) };
  return script({ lease: 120, ...own })
    .bound(0)
    .at(60, renew(own))
    .at(75, renew({ ...own, secs: 15 }))
    .at(75.01, ack())
    .renewed(135, own)
    .until(150);
}

const ETHERNET = 1;
const START = 1_700_000_000;
const STYLE = { littleEndian: true, nanoseconds: false };

/** The frames as a capture file. */
export function captureOf({ frames }: Script): Uint8Array {
  const sorted = [...frames].sort((a, b) => a.time - b.time);
  const records = sorted.map(({ time, bytes }) => {
    const micros = Math.round(time * 1e6);
    return pcapRecord(STYLE, START + Math.floor(micros / 1e6), (micros % 1e6) * 1000, bytes);
  });
  return Buffer.concat([pcapHeader(STYLE, ETHERNET), ...records]);
}
