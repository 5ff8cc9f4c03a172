import { readFileSync } from "node:fs";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";

type Json = Record<string, unknown>;

const id = "events";
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
ajv.addSchema({ ...strict(readSchema()), $id: id });

const validators = new Map<string, ValidateFunction>();
for (const [name, definition] of Object.entries(readDefinitions())) {
  const type = constantType(definition);
  if (type !== null) validators.set(type, ajv.compile({ $ref: `${id}#/definitions/${name}` }));
}

/**
 * What is wrong with one record of `--json`; empty if nothing is. Stricter than the published schema: a key that
 * src/report/events.ts does not know is an error.
 */
export function validateRecord(value: unknown): string[] {
  if (!isObject(value)) return ["not an object"];
  const type = value["type"];
  if (typeof type !== "string") return ["no type"];
  const validate = validators.get(type);
  if (validate === undefined) return [`unknown type ${JSON.stringify(type)}`];
  return validate(value) ? [] : (validate.errors ?? []).map(describeError);
}

/** The types of records that the schema knows. */
export function recordTypes(): string[] {
  return [...validators.keys()];
}

function readSchema(): Json {
  const schema: unknown = JSON.parse(readFileSync(new URL("../../docs/events.schema.json", import.meta.url), "utf8"));
  if (!isObject(schema)) throw new Error("docs/events.schema.json is no object");
  return schema;
}

function readDefinitions(): Json {
  const definitions = readSchema()["definitions"];
  if (!isObject(definitions)) throw new Error("docs/events.schema.json has no definitions");
  return definitions;
}

/** The `type` that a definition of a record demands; null for the definitions of their parts. */
function constantType(definition: unknown): string | null {
  const properties = isObject(definition) ? definition["properties"] : undefined;
  const type = isObject(properties) ? properties["type"] : undefined;
  const constant = isObject(type) ? type["const"] : undefined;
  return typeof constant === "string" ? constant : null;
}

/** The same schema, but no object may have a key beyond its own. */
function strict(schema: Json): Json {
  const closed = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strictValue(value)]));
  return isObject(schema["properties"]) && schema["type"] === "object"
    ? { ...closed, additionalProperties: false }
    : closed;
}

function strictValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strictValue);
  return isObject(value) ? strict(value) : value;
}

function describeError(error: ErrorObject): string {
  const where = error.instancePath === "" ? "the record" : error.instancePath;
  return `${where} ${error.message ?? error.keyword} ${JSON.stringify(error.params)}`;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
