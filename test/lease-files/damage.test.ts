import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FiledLeases } from "../../src/lease-files/history.js";
import type { KnownLease } from "../../src/lease-files/known-lease.js";
import { leasesOf } from "../../src/lease-files/recognise.js";
import { pathOf, recordedNetworks, truthOf } from "../evidence/recordings.js";
import { cut, damage, damaged, shuffle, shuffled, type Wound } from "../support/damage.js";

interface Recorded {
  readonly path: string;
  readonly form: string;
  readonly written: number;
  readonly bytes: Uint8Array;
}

/** The first lease file of each form that was recorded. */
const FILES: readonly Recorded[] = recordedNetworks
  .flatMap((network) =>
    truthOf(network).leaseFiles.map(({ path, form, written }) => {
      return { path, form, written, bytes: new Uint8Array(readFileSync(pathOf(network, path))) };
    }),
  )
  .filter(({ form }, index, all) => all.findIndex((other) => other.form === form) === index);

describe.each(FILES)("a $form file that is damaged", ({ form, written, bytes }) => {
  const whole = leasesOf(bytes, written)?.leases ?? [];

  it("never throws, whatever is wrong with it", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(damage, cut), { minLength: 1, maxLength: 6 }), (many) => {
        const spoiled = many.reduce((content, one) => damaged(content, one)[0], bytes);
        expectSound(leasesOf(spoiled, written)?.leases ?? []);
      }),
    );
  });

  it("is read where it is whole", () => {
    const units = unitsOf(form, bytes);
    fc.assert(
      fc.property(fc.oneof(damage, cut), (one) => {
        if (form === "udhcpd" && one.removed !== one.inserted.length && one.removed < bytes.length) return;
        const [spoiled, wound] = damaged(bytes, one);
        const left = whole.filter((_, index) => !isHurt(units[index], wound));
        // A file is known by its heading, and by one lease at least.
        if (left.length === 0 || wound.from < (units[0]?.from ?? 0)) return;
        const found = leasesOf(spoiled, written);
        expect(found?.form).toBe(form);
        expect(found?.leases.map(withoutLine)).toEqual(expect.arrayContaining(left.map(withoutLine)));
      }),
    );
  });

  it("with its lines in another order never throws", () => {
    const text = new TextDecoder("latin1").decode(bytes);
    fc.assert(
      fc.property(shuffle, (how) => {
        expectSound(leasesOf(Buffer.from(shuffled(text, ...how), "latin1"), written)?.leases ?? []);
      }),
    );
  });
});

describe("nothing but", () => {
  const parts = [
    "lease {",
    "lease {\n",
    "lease 10.0.0.1 {\n",
    '"',
    '\\"',
    '"\\',
    "\n",
    " ",
    "{",
    "}",
    "#",
    "\\",
    "1 ",
    "ADDRESS=1\n",
    ",",
  ];

  it.each(parts)("%j are read in time that grows with their number only", (part) => {
    // A parser that goes back and forth takes longer than a test may.
    for (const start of ["lease 10.0.0.1 {\n", "ADDRESS=10.0.0.1\n", KEA]) {
      const content = start + part.repeat(Math.ceil(100_000 / part.length));
      expectSound(leasesOf(new TextEncoder().encode(content), 0)?.leases ?? []);
    }
  });
});

const KEA = "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context\n";

/** Numbers that others may reckon with. */
function expectSound(leases: readonly KnownLease[]): void {
  for (const { address, start, leaseTime, expires, t1, t2 } of leases) {
    expect(Number.isInteger(address) && address >= 0 && address <= 0xffff_ffff).toBe(true);
    for (const number of [start ?? 0, leaseTime ?? 0, expires, t1 ?? 0, t2 ?? 0]) expect(number).not.toBeNaN();
  }
  const history = new FiledLeases([{ path: "x", form: "dhcpd", leases }]);
  for (const { hardware, address, start } of leases.slice(0, 20)) {
    const terms = history.grantBefore(hardware ?? "52:54:00:00:00:01", address, (start ?? 0) + 2)?.terms;
    if (terms === undefined) continue;
    expect(terms.t1).toBeGreaterThanOrEqual(0);
    expect(terms.t2).toBeGreaterThanOrEqual(terms.t1);
    expect(terms.leaseTime).toBeGreaterThanOrEqual(terms.t2);
  }
}

function withoutLine(lease: KnownLease): KnownLease {
  return { ...lease, line: null };
}

/** Where each lease of a file stands. */
function unitsOf(form: string, bytes: Uint8Array): Wound[] {
  if (form === "networkd" || form === "dhcpcd") return [{ from: 0, to: bytes.length }];
  if (form === "udhcpd") {
    return Array.from({ length: (bytes.length - 8) / 36 }, (_, index) => ({
      from: 8 + 36 * index,
      to: 44 + 36 * index,
    }));
  }
  const text = new TextDecoder("latin1").decode(bytes);
  const units = form === "kea" || form === "dnsmasq" ? linesOf(text) : blocksOf(text);
  return units.filter(
    ({ from, to }) => leasesOf(Buffer.from((form === "kea" ? KEA : "") + text.slice(from, to)), 0)?.leases.length === 1,
  );
}

function linesOf(text: string): Wound[] {
  return [...text.matchAll(/^.+\n/gm)].map(({ index, 0: line }) => ({ from: index, to: index + line.length }));
}

function blocksOf(text: string): Wound[] {
  return [...text.matchAll(/^lease[\s\S]*?^}\n/gm)].map(({ index, 0: block }) => ({
    from: index,
    to: index + block.length,
  }));
}

/** The line break before a lease belongs to it as well. */
function isHurt(unit: Wound | undefined, { from, to }: Wound): boolean {
  return unit === undefined || (to >= unit.from - 1 && from <= unit.to);
}
