/**
 * Writes WebAssembly (https://webassembly.github.io/spec/core/binary/), as much of it as src/sieve needs: functions of
 * 32-bit integers over one imported memory. Numbers are compared and shifted as unsigned.
 */

/** Instructions, a character a byte: strings join faster than arrays. An expression leaves its value on the stack. */
export type Code = string;

/** One exported function. Its locals are numbered: first the parameters, then the variables, which begin as 0. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: number;
  readonly variables: number;
  /** Leaves the result. Not written before it is needed, as small captures need none. */
  readonly body: () => Code;
}

export const get = (local: number): Code => bytes(0x20, local);
export const set = (local: number, value: Code): Code => value + bytes(0x21, local);
export const int = (value: number): Code => bytes(0x41) + signed(value);

const binary =
  (instruction: number) =>
  (left: Code, right: Code): Code =>
    left + right + bytes(instruction);
export const equal = binary(0x46);
export const unequal = binary(0x47);
export const less = binary(0x49);
export const more = binary(0x4b);
export const plus = binary(0x6a);
export const minus = binary(0x6b);
export const times = binary(0x6c);
export const and = binary(0x71);
export const or = binary(0x72);
export const shiftRight = binary(0x76);

/** What stands in memory at `address` + `offset`, in little-endian order. */
const loading =
  (instruction: number) =>
  (address: Code, offset = 0): Code =>
    address + bytes(instruction, 0) + unsigned(offset);
export const load8 = loading(0x2d);
export const load16 = loading(0x2f);
export const load32 = loading(0x28);
export const store32 = (address: Code, value: Code): Code => address + value + bytes(0x36, 0, 0);

/** @param index the function's place among those that are assembled */
export const call = (index: number, value: Code): Code => value + bytes(0x10) + unsigned(index);
export const when = (condition: Code, ...then: readonly Code[]): Code =>
  condition + bytes(IF, NOTHING) + then.join("") + bytes(END);
export const returnWhen = (condition: Code, result: Code): Code => when(condition, result, bytes(0x0f));

/** Goes round and round, until `leaveWhen` of its own steps, not within a `when`, leads out of it. */
export const loop = (...steps: readonly Code[]): Code =>
  bytes(BLOCK, NOTHING, LOOP, NOTHING) + steps.join("") + bytes(BRANCH, 0, END, END);
export const leaveWhen = (condition: Code): Code => condition + bytes(BRANCH_IF, 1);

const BLOCK = 0x02;
const LOOP = 0x03;
const IF = 0x04;
const END = 0x0b;
const BRANCH = 0x0c;
const BRANCH_IF = 0x0d;
const NOTHING = 0x40;
const I32 = 0x7f;

/** A module of these functions; it imports its memory as `capture.memory`. */
export function assemble(functions: readonly WasmFunction[]): Uint8Array {
  const types = functions.map(
    ({ parameters }) => bytes(0x60) + vector(Array(parameters).fill(bytes(I32))) + bytes(1, I32),
  );
  const codes = functions.map(({ variables, body }) => sized(bytes(1, variables, I32) + body() + bytes(END)));
  const module = [
    "\0asm" + bytes(1, 0, 0, 0),
    section(1, types),
    section(2, [text("capture") + text("memory") + bytes(0x02, 0, 1)]),
    section(
      3,
      functions.map((_, index) => unsigned(index)),
    ),
    section(
      7,
      functions.map(({ name }, index) => text(name) + bytes(0) + unsigned(index)),
    ),
    section(10, codes),
  ];
  return Uint8Array.from(module.join(""), (character) => character.charCodeAt(0));
}

const bytes = String.fromCharCode;

function section(id: number, entries: readonly Code[]): Code {
  return bytes(id) + sized(vector(entries));
}

function vector(entries: readonly Code[]): Code {
  return unsigned(entries.length) + entries.join("");
}

function sized(content: Code): Code {
  return unsigned(content.length) + content;
}

const text = sized;

/** LEB128, 7 bits a byte, the lowest first; the upper bit says that more follow. */
function unsigned(value: number): Code {
  return value < 0x80 ? bytes(value) : bytes((value & 0x7f) | 0x80) + unsigned(value >>> 7);
}

/** The same of a number of 32 bits in two's complement; bit 6 of the last byte is its sign. */
function signed(value: number): Code {
  const word = value | 0;
  return word >= -0x40 && word < 0x40 ? bytes(word & 0x7f) : bytes((word & 0x7f) | 0x80) + signed(word >> 7);
}
