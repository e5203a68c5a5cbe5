import { tryShell } from "./own-script.ts";

tryShell("fish");
