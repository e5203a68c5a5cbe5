import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { hasTerminal, startLine, type Terminal } from "../cli/screens/terminal.ts";
import { temporary } from "../cli/temporary.ts";
import { sayNotRun } from "../control-plane/not-run.ts";

const root = join(import.meta.dirname, "../..");

/** The shells that are tried for real; PowerShell is none of Debian's packages. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

export type Shell = (typeof SHELLS)[number];

/** Where shells run: a PATH that begins with a folder of their own, where our program's link is, and a home. */
export interface Place {
  bin: string;
  home: string;
  env: Record<string, string>;
}

/** True where the shell can be typed into; otherwise its tests are skipped, and the reason is said. */
export function canType(shell: Shell): boolean {
  const isInstalled = (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, shell)));
  if (!isInstalled) sayNotRun(`${shell} is not installed; npm run set-up -- shells, as root, installs it`);
  else if (!hasTerminal) sayNotRun("shells cannot be typed into without util-linux's script");
  return isInstalled && hasTerminal;
}

/** Makes such a place, gone when the test is over. */
export function place(): Place {
  const home = temporary();
  const bin = join(home, "bin");
  mkdirSync(bin);
  symlinkSync(join(root, "bin/kubectl-cronaudit.js"), join(bin, "kubectl-cronaudit"));
  // A clone's program is started with the Node that it is pinned to.
  const path = [bin, join(root, "node_modules/.bin"), "/usr/local/bin", "/usr/bin", "/bin"].join(":");
  return { bin, home, env: { PATH: path, HOME: home, KUBECONFIG: join(home, "none"), LC_ALL: "C.UTF-8" } };
}

/** Writes a file below the place's home and gives its path. */
export function write({ home }: Place, name: string, text: string, mode = 0o644): string {
  const path = join(home, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

/** The script that the program prints for a shell. */
export function script({ env }: Place, shell: string): string {
  const { stdout, stderr, status } = spawnSync("kubectl-cronaudit", ["completion", shell], { env, encoding: "utf8" });
  if (status !== 0 || stderr !== "") throw new Error(`completion ${shell}: status ${String(status)}: ${stderr}`);
  return stdout;
}

/** An interactive shell with the prompt `> `, after what `setUp` says. */
export async function open(shell: Shell, at: Place, setUp: string): Promise<Typing> {
  const { home, env } = at;
  const terminal = startLine(
    command[shell](at, setUp),
    { columns: 100, rows: 40 },
    { env: { ...env, INPUTRC: "/dev/null" }, cwd: home },
  );
  await terminal.until(/^> ?$/m);
  return new Typing(terminal);
}

const command: Record<Shell, (at: Place, setUp: string) => string> = {
  bash(at, setUp) {
    const file = write(at, "bashrc", `PS1='> '\nbind 'set bell-style none'\n${setUp}\n`);
    return `bash --noprofile --rcfile ${file} -i`;
  },
  zsh(at, setUp) {
    write(at, ".zshrc", `PS1='> '\nbindkey -e\nunsetopt beep\nautoload -U compinit; compinit -D -u\n${setUp}\n`);
    return "zsh -i";
  },
  fish(at, setUp) {
    const quiet = "function fish_title; end; set -g fish_greeting; set -g fish_autosuggestion_enabled 0";
    const file = write(at, "setup.fish", `function fish_prompt; printf '> '; end\n${quiet}\n${setUp}\n`);
    return `fish --private --no-config --init-command 'source ${file}'`;
  },
};

/** A shell in which somebody types. */
export class Typing {
  readonly terminal: Terminal;

  constructor(terminal: Terminal) {
    this.terminal = terminal;
  }

  /** Types at an empty prompt on an empty screen. */
  async fresh(text: string): Promise<void> {
    const isFresh = (): boolean => /^> ?\n$/.test(this.terminal.screen());
    for (let quiet = 0, tries = 0; quiet < 2 && tries < 100; tries++) {
      // Ctrl-C drops the line whatever is open in it, in zsh a menu at first; Ctrl-L clears the screen.
      if (!isFresh()) this.terminal.type(lineOf(this.terminal.screen()) === "" ? "\u000c" : "\u0003");
      await new Promise((resolve) => setTimeout(resolve, 80));
      quiet = isFresh() ? quiet + 1 : 0;
    }
    this.terminal.type(text);
  }

  /**
   * Types text and a TAB; waits for the line that comes of it, whose last space counts. Where a cluster has to answer in
   * time, a busy machine may need more TABs.
   */
  async becomes(text: string, line: string, tabs = 1): Promise<void> {
    await this.fresh(text);
    const isThere = (): boolean => lineOf(this.terminal.screen()) === line.trimEnd();
    for (let more = tabs; more > 0 && !isThere(); more--) {
      this.terminal.type("\t");
      for (let waited = 0; more > 1 && waited < 50 && !isThere(); waited++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    await this.terminal.until(isThere);
    // A space does not show until something follows it.
    this.terminal.type("#");
    await this.terminal.until((screen) => lineOf(screen) === `${line}#`);
  }

  /** Types text and TABs; waits until the screen shows all of this. */
  async shows(text: string, parts: readonly string[]): Promise<void> {
    await this.fresh(text);
    this.terminal.type("\t\t");
    await this.terminal.until((screen) => parts.every((part) => screen.includes(part)));
  }

  /** Waits until nothing more comes for so many milliseconds. */
  async settled(ms = 300): Promise<void> {
    for (let before = ""; before !== this.terminal.raw();) {
      before = this.terminal.raw();
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  }
}

/** What stands at the last prompt. */
function lineOf(screen: string): string {
  const lines = screen.split("\n").filter((line) => /^>(?: |$)/.test(line));
  return (lines.at(-1) ?? "> ").slice(2);
}
