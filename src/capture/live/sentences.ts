import { EnvironmentError } from "../errors.js";
import { printable } from "../printable.js";

const STREAM = "A capture that another program makes needs neither: tcpdump -i IFACE -U -w - | leasetap live -";

/** cap could not be loaded. */
export function unableError(message: string): EnvironmentError {
  if (message.includes("libpcap")) {
    return new EnvironmentError(
      "ENOPCAP",
      `Capturing needs libpcap, which cannot be loaded (${firstLine(message)}): install it (Debian, Ubuntu: apt install libpcap0.8; Fedora: dnf install libpcap). ${STREAM}`,
    );
  }
  if (message.includes("cap") && /cannot find/i.test(message)) {
    return new EnvironmentError(
      "ENOCAP",
      `Capturing needs the package cap, which is not installed beside leasetap: it is left out where the headers of libpcap or a compiler are missing. Install them (Debian, Ubuntu: apt install libpcap-dev g++ make python3), then cap (npm install cap@0.2.1). ${STREAM}`,
    );
  }
  return new EnvironmentError(
    "ENOCAP",
    `The package cap cannot be loaded (${firstLine(message)}): build it anew for this version of Node (npm rebuild cap). ${STREAM}`,
  );
}

/** An interface cannot be captured, though it is there. */
export function refusedError(name: string, message: string): EnvironmentError {
  if (/permission|not permitted|CAP_NET_RAW/i.test(message)) {
    return new EnvironmentError(
      "EPERM",
      `This user may not capture on ${printable(name)}: run leasetap as root, or with the capability CAP_NET_RAW.`,
    );
  }
  return new EnvironmentError("ECAPTURE", `${printable(name)} cannot be captured: ${firstLine(message)}.`);
}

/** Capture processes end as soon as they begin. */
export function endedError(how: string, words: string | null): EnvironmentError {
  const said = words === null ? "" : `, saying: ${firstLine(words)}`;
  return new EnvironmentError("ECAPTURE", `The capture process ends again and again (${how}${said}). ${STREAM}`);
}

/** A capture process had to be ended. */
export function hungSentence(milliseconds: number, interfaces: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const those = interfaces === 1 ? "its interface" : `its ${interfaces} interfaces`;
  return `a capture process has not answered for ${seconds} s: it was ended, and another one watches ${those}.`;
}

function firstLine(message: string): string {
  return printable((message.split("\n")[0] ?? "").replace(/\.$/, ""));
}
