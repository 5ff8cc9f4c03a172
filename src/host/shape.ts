import { isArray, isObject } from "./json.js";

/** Whether a value from outside is what it should be. */
export type Guard<T> = (value: unknown) => value is T;

/** One guard for each key; what else an object holds does not matter. */
type Guards<T> = { readonly [K in keyof T]-?: Guard<T[K]> };

export function isString(value: unknown): value is string {
  return typeof value === "string";
}

export function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === "boolean";
}

export function orNull<T>(guard: Guard<T>): Guard<T | null> {
  return (value): value is T | null => value === null || guard(value);
}

export function listOf<T>(guard: Guard<T>): Guard<readonly T[]> {
  return (value): value is readonly T[] => isArray(value) && value.every(guard);
}

export function oneOf<T extends string>(words: readonly T[]): Guard<T> {
  return (value): value is T => words.some((word) => word === value);
}

export function shape<T extends object>(guards: Guards<T>): Guard<T> {
  const parts = Object.entries<Guard<unknown>>({ ...guards });
  return (value): value is T => isObject(value) && parts.every(([key, guard]) => guard(value[key]));
}
