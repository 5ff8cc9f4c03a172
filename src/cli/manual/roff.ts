/**
 * Text as groff takes it: what it would read as a request or an escape stands for itself, and hyphens that a reader may
 * copy are real ones.
 */
export function roff(text: string): string {
  return text
    .replaceAll("\\", "\\(rs")
    .replaceAll("-", "\\-")
    .replaceAll("~", "\\(ti")
    .replaceAll("^", "\\(ha")
    .replaceAll("`", "\\(ga")
    .replace(/^(?=[.'])/gm, "\\&")
    .replaceAll("'", "\\(aq")
    .replaceAll('"', "\\(dq");
}

export function bold(text: string): string {
  return `\\fB${roff(text)}\\fR`;
}

export function italic(text: string): string {
  return `\\fI${roff(text)}\\fR`;
}

/** One argument of a macro. */
export function argument(text: string): string {
  return `"${roff(text)}"`;
}
