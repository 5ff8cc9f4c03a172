import type { Command } from "commander";
import type { Shell } from "./shells.js";
import { bashCompletion } from "./bash.js";
import { fishCompletion } from "./fish.js";
import { completedProgram } from "./model.js";
import { zshCompletion } from "./zsh.js";

/** What the user's shell shall read. */
export async function completionScript(program: Command, shell: Shell): Promise<string> {
  const model = await completedProgram(program);
  switch (shell) {
    case "bash":
      return bashCompletion(model);
    case "zsh":
      return zshCompletion(model);
    case "fish":
      return fishCompletion(model);
  }
}
