import { createPrompt, useEffect, useKeypress, useState } from "@inquirer/core";
import type { Io } from "../io.ts";
import { safe } from "../../output/text.ts";
import { interruption } from "./index.ts";

/**
 * Asks, below the text, for `expected` to be typed; true for that alone, whatever stands around it. Escape and Ctrl-D say no.
 * Throws Interrupted for Ctrl-C and signals. The caller has made sure of a terminal.
 */
export async function confirmTyped(io: Io, expected: string, text: readonly string[]): Promise<boolean> {
  for (const line of text) io.stderr.write(`${safe(line)}\n`);
  try {
    const typed = await line(
      { question: `Type ${safe(expected)} to delete, anything else leaves: ` },
      { input: io.stdin, output: io.stderr, signal: io.signal },
    );
    return typed.trim() === expected;
  } catch (error) {
    throw interruption(error);
  }
}

const line = createPrompt<string, { question: string }>(({ question }, done) => {
  const [typed, setTyped] = useState("");
  useKeypress((key, readline) => {
    if (key.name === "return" || key.name === "enter") done(typed);
    else if (key.name === "escape") done("");
    else setTyped(readline.line);
  });
  useEffect((readline) => {
    const ended = (): void => {
      done("");
    };
    readline.on("close", ended);
    return () => {
      readline.removeListener("close", ended);
    };
  }, []);
  return question + safe(typed);
});
