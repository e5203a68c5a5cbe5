import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import headless from "@xterm/headless";
import { onTestFinished } from "vitest";
import { temporary } from "../temporary.ts";

/** True where util-linux's `script` can make a pseudo-terminal. */
export const hasTerminal = /util-linux/.test(spawnSync("script", ["--version"], { encoding: "utf8" }).stdout ?? "");

/** What a program on a pseudo-terminal shows, and what is typed into it. */
export interface Terminal {
  /** The screen as text, without spaces at the ends of lines. */
  screen(): string;
  /** Every byte so far. */
  raw(): string;
  /** Types; keys by their escape sequences. */
  type(keys: string): void;
  /** Waits until the screen fits; throws with the screen where it does not come to that. */
  until(fits: RegExp | ((screen: string) => boolean)): Promise<string>;
  resize(columns: number, rows: number): Promise<void>;
  /** Waits for the end; gives the exit status and what `stty -a` said before and after. */
  end(): Promise<{ exit: number; before: string; after: string; stopped: string | null }>;
}

const root = join(import.meta.dirname, "../../..");
const node = join(root, "node_modules/.bin/node");
const PATIENCE = 15_000;

/** Starts `node FILE ARGUMENTS` on a pseudo-terminal of that size, in a shell that says afterwards how it left the terminal. */
export function start(
  [file, ...args]: string[],
  size: { columns: number; rows: number },
  given: { env?: Record<string, string>; cwd?: string; suspends?: true } = {},
): Terminal {
  const quoted = [node, join(root, file!), ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  return startLine(quoted, size, given);
}

/** The same for a command line of a POSIX shell, such as that of another shell to type into. */
export function startLine(
  quoted: string,
  size: { columns: number; rows: number },
  given: { env?: Record<string, string>; cwd?: string; suspends?: true } = {},
): Terminal {
  const folder = temporary();
  const line = [
    // Ctrl-C goes to all of the foreground; the shell has to outlive it.
    "trap : INT",
    `tty > ${folder}/tty`,
    `stty cols ${String(size.columns)} rows ${String(size.rows)}`,
    `stty -a > ${folder}/before`,
    // With job control, so that Ctrl-Z gives the terminal back for a moment.
    ...(given.suspends === undefined ? [quoted] : ["set -m", quoted, `stty -a > ${folder}/stopped`, "sleep 0.3", "fg"]),
    `echo $? > ${folder}/exit`,
    `stty -a > ${folder}/after`,
  ].join("; ");
  const child = spawn("script", ["--quiet", "--flush", "--command", line, "/dev/null"], {
    cwd: given.cwd ?? root,
    env: { PATH: process.env["PATH"], HOME: folder, TERM: "xterm-256color", SHELL: "/bin/sh", ...given.env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const emulator = new headless.Terminal({ cols: size.columns, rows: size.rows, allowProposedApi: true });
  const bytes: Buffer[] = [];
  let written = Promise.resolve();
  child.stdout.on("data", (chunk: Buffer) => {
    bytes.push(chunk);
    written = written.then(() => new Promise((resolve) => emulator.write(chunk, resolve)));
  });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const screen = (): string => screenOf(emulator);
  return {
    screen,
    raw: () => Buffer.concat(bytes).toString("utf8"),
    type: (keys) => child.stdin.write(keys),
    async until(fits) {
      const isThere = typeof fits === "function" ? fits : (text: string) => fits.test(text);
      for (const from = performance.now(); performance.now() - from < PATIENCE;) {
        await written;
        if (isThere(screen())) return screen();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`the screen did not come to ${String(fits)}:\n${screen()}`);
    },
    resize(columns, rows) {
      emulator.resize(columns, rows);
      const tty = readFileSync(`${folder}/tty`, "utf8").trim();
      spawnSync("stty", ["-F", tty, "cols", String(columns), "rows", String(rows)]);
      return Promise.resolve();
    },
    async end() {
      await ended;
      await written;
      const read = (name: string): string => readFileSync(`${folder}/${name}`, "utf8");
      return {
        exit: Number(read("exit")),
        before: read("before"),
        after: read("after"),
        stopped: given.suspends === undefined ? null : read("stopped"),
      };
    },
  };
}

function screenOf(emulator: InstanceType<typeof headless.Terminal>): string {
  const { active } = emulator.buffer;
  const lines = Array.from({ length: emulator.rows }, (_, at) =>
    (active.getLine(active.viewportY + at)?.translateToString(true) ?? "").trimEnd(),
  );
  while (lines.at(-1) === "") lines.pop();
  return `${lines.join("\n")}\n`;
}
