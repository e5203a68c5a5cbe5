import { tryShell } from "./own-script.ts";

tryShell("zsh");
