import { expect, it } from "vitest";
import { pageAlignedMemory } from "../../src/capture/memory.js";
import * as wasm from "../../src/sieve/assembler.js";
import { Random } from "../fuzz/random.js";

declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Record<string, Run> };
};
type Run = (left: number, right: number) => number;

const { get } = wasm;
const memory = pageAlignedMemory(1);

/** What a function of two numbers gives, as an unsigned one. */
function compiled(body: wasm.Code, variables = 0): Run {
  const module = new WebAssembly.Module(
    wasm.assemble([
      { name: "other", parameters: 1, variables: 0, body: () => wasm.plus(get(0), wasm.int(1)) },
      { name: "run", parameters: 2, variables, body: () => body },
    ]),
  );
  const { run } = new WebAssembly.Instance(module, { capture: { memory } }).exports;
  if (run === undefined) throw new Error("it exports nothing");
  return (left, right) => run(left, right) >>> 0;
}

const EDGES = [0, 1, 31, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

it.each<[string, (left: wasm.Code, right: wasm.Code) => wasm.Code, Run]>([
  ["equal", wasm.equal, (left, right) => Number(left === right)],
  ["unequal", wasm.unequal, (left, right) => Number(left !== right)],
  ["less", wasm.less, (left, right) => Number(left < right)],
  ["more", wasm.more, (left, right) => Number(left > right)],
  ["plus", wasm.plus, (left, right) => (left + right) >>> 0],
  ["minus", wasm.minus, (left, right) => (left - right) >>> 0],
  ["times", wasm.times, (left, right) => Math.imul(left, right) >>> 0],
  ["and", wasm.and, (left, right) => (left & right) >>> 0],
  ["or", wasm.or, (left, right) => (left | right) >>> 0],
  ["shiftRight", wasm.shiftRight, (left, right) => left >>> right],
])("%s is of unsigned numbers of 32 bits", (_, operation, expected) => {
  const run = compiled(operation(get(0), get(1)));
  const random = new Random(1, 1);
  const number = (): number => (random.oneIn(3) ? random.pick(EDGES) : random.uint32());
  for (let turn = 0; turn < 500; turn += 1) {
    const [left, right] = [number(), number()];
    expect(run(left, right)).toBe(expected(left, right));
  }
});

it("constants are what they say", () => {
  const edges = [...EDGES, 63, 64, 127, 128, 0x2000, 0xffff_ff80, 0xffff_ffc0, 0xffff_ffbf, 0x9e37_79b1];
  for (const value of edges) expect(compiled(wasm.int(value))(0, 0)).toBe(value);
});

it("loads and stores are little-endian, at an address and an offset", () => {
  const view = new DataView(memory.buffer);
  view.setUint32(300, 0x8765_4321, true);
  expect(compiled(wasm.load32(get(0), 200))(100, 0)).toBe(0x8765_4321);
  expect(compiled(wasm.load16(get(0), 200))(102, 0)).toBe(0x8765);
  expect(compiled(wasm.load8(get(0)))(303, 0)).toBe(0x87);
  expect(compiled(wasm.store32(get(0), get(1)) + get(1))(400, 0xfedc_ba98)).toBe(0xfedc_ba98);
  expect(view.getUint32(400, true)).toBe(0xfedc_ba98);
});

it("loops, conditions and calls lead where they say", () => {
  const [count, sum] = [2, 3];
  const triangle = [
    wasm.returnWhen(wasm.more(get(0), wasm.int(1000)), wasm.int(7)),
    wasm.loop(
      wasm.leaveWhen(wasm.equal(get(count), get(0))),
      wasm.set(count, wasm.call(0, get(count))),
      wasm.when(wasm.unequal(get(count), get(1)), wasm.set(sum, wasm.plus(get(sum), get(count)))),
    ),
    get(sum),
  ].join("");
  const run = compiled(triangle, 2);
  expect(run(10, 0)).toBe(55);
  expect(run(10, 4)).toBe(51);
  expect(run(1001, 0)).toBe(7);
});
