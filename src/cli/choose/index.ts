import { emitKeypressEvents, type Interface } from "node:readline";
import { createPrompt, useEffect, useKeypress, useMemo, useState } from "@inquirer/core";
import { Interrupted } from "../errors.ts";
import type { Io } from "../io.ts";
import { actionOf, type Key } from "./keys.ts";
import { begin, chosenItems, inView, reduce, type State } from "./state.ts";
import { bodyHeight, detailsOf, painter, type Given, type Size } from "./view.ts";

const ENTER_SCREEN = "\u001b[?1049h\u001b[H";
const LEAVE_SCREEN = "\u001b[?1049l";
const CLEAR = "\u001b[2J\u001b[H";
const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";
/** Milliseconds after which an escape is the key and not the beginning of another; node waits for half a second. */
const ESCAPE_MS = 60;

/**
 * Shows the plan as a list on standard error, in the terminal's other screen, and gives the uids of what was chosen; null: the
 * user left. Throws Interrupted for Ctrl-C and signals, with the terminal as it was. The
 * caller has made sure of a terminal.
 */
export async function chooseItems(io: Io, given: Given): Promise<Set<string> | null> {
  io.stderr.write(ENTER_SCREEN);
  // The library has no option for it; who comes first decides.
  emitKeypressEvents(io.stdin, { escapeCodeTimeout: ESCAPE_MS } as unknown as Interface);
  try {
    const context = { input: io.stdin, output: io.stderr, signal: io.signal, clearPromptOnDone: true };
    const end = await list({ ...given, io }, context);
    return end === null ? null : new Set(chosenItems(end).flatMap(({ object }) => object.uid ?? []));
  } catch (error) {
    throw interruption(error);
  } finally {
    io.stderr.write(`${LEAVE_SCREEN}${SHOW_CURSOR}`);
  }
}

/** Ctrl-C and aborts of the library, as this program says it. */
export function interruption(error: unknown): unknown {
  const { name } = (error ?? {}) as { name?: unknown };
  return name === "ExitPromptError" || name === "AbortPromptError" ? new Interrupted() : error;
}

const list = createPrompt<State | null, Given & { io: Io }>((given, done) => {
  const { plan, io } = given;
  const [state, setState] = useState(() => begin(plan));
  const [size, setSize] = useState(() => sizeOf(io));
  const paintScreen = useMemo(() => painter(given), []);
  const height = bodyHeight(size);

  useKeypress((key, readline) => {
    // The process is back from it by now, and the screen is not yet: `continued` draws.
    if (isSuspend(key)) return;
    // What readline takes for the beginning of a line is none.
    readline.clearLine(0);
    const action = actionOf(key, state.mode);
    const lines = state.mode === "details" ? detailsOf(state, plan, size).length : 0;
    const next = reduce(state, action, height, lines);
    if (next.end === null) setState(next);
    else done(next.end === "go" ? next : null);
  });

  useEffect((readline) => {
    // The list has to be drawn over what is left of the other size.
    const resized = (): void => {
      io.stderr.write(CLEAR);
      setSize(sizeOf(io));
    };
    const ended = (): void => {
      done(null);
    };
    // Ctrl-Z: the shell gets its own screen and a cursor, and the list its screen again.
    const suspended = (_: unknown, key: Key): void => {
      if (isSuspend(key)) io.stderr.write(`${LEAVE_SCREEN}${SHOW_CURSOR}`);
    };
    const continued = (): void => {
      io.stderr.write(`${ENTER_SCREEN}${CLEAR}`);
      readline.resume();
      setSize(sizeOf(io));
    };
    io.stderr.on("resize", resized);
    io.stdin.prependListener("keypress", suspended);
    readline.on("close", ended);
    readline.on("SIGCONT", continued);
    return () => {
      io.stderr.off("resize", resized);
      io.stdin.off("keypress", suspended);
      readline.removeListener("close", ended);
      readline.removeListener("SIGCONT", continued);
    };
  }, []);

  return HIDE_CURSOR + paintScreen(inView(state, height), size).join("\n");
});

function isSuspend({ ctrl, name }: Key): boolean {
  return ctrl === true && name === "z";
}

function sizeOf({ stderr }: Io): Size {
  const { columns = 0, rows = 0 } = stderr;
  // A pseudo-terminal without a size says 0.
  return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 };
}
