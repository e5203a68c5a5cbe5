import type { Io } from "./io.ts";

/** Says on standard error what is going on, in a terminal only. */
export interface Progress {
  text(text: string): void;
  stop(): void;
}

const silent: Progress = { text: () => undefined, stop: () => undefined };

/** Starts a spinner. Without a terminal nothing is printed: ora would write lines even then. */
export async function startProgress(io: Io, text: string): Promise<Progress> {
  // A pseudo-terminal may have no columns; ora would divide by them and clear lines for ever.
  const draws = io.stderr.isTTY === true && (io.stderr.columns ?? 0) > 0 && io.env["TERM"] !== "dumb";
  if (!draws) return silent;
  const { default: ora } = await import("ora");
  // stdin is left alone: an exec credential plugin may ask for a password there.
  const spinner = ora({ text, stream: io.stderr, discardStdin: false, color: false, isSilent: false }).start();
  return {
    text: (next) => {
      spinner.text = next;
    },
    stop: () => {
      spinner.stop();
    },
  };
}
