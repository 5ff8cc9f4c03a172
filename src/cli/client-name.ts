const HEX = /^[0-9a-f]{12}$/;
const OCTETS = /^[0-9a-f]{1,2}([:-][0-9a-f]{1,2}){5}$/;
const CISCO = /^[0-9a-f]{4}(\.[0-9a-f]{4}){2}$/;

/** A client as records name it: hardware addresses in any usual notation become lower case with colons. */
export function normalizeClient(text: string): string {
  const name = text.trim().toLowerCase();
  if (OCTETS.test(name)) {
    return name
      .split(/[:-]/)
      .map((octet) => octet.padStart(2, "0"))
      .join(":");
  }
  if (CISCO.test(name) || HEX.test(name)) {
    return (name.replaceAll(".", "").match(/../g) ?? []).join(":");
  }
  return name;
}
