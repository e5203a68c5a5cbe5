import { bash } from "./bash.ts";
import { fish } from "./fish.ts";
import { powershell } from "./powershell.ts";
import { zsh } from "./zsh.ts";

/** The completion script for each shell; all of them ask the program itself, with `__complete-quoting`. */
export const scripts = { bash, zsh, fish, powershell } as const;
