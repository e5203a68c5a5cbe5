import type { Io } from "./io.ts";

/** Says on standard error what is going on, in a terminal only. */
export interface Progress {
  /** `share`, from 0 to 1, is how much of what the text says is done: it makes a bar and, once it can tell, the time left. */
  text(text: string, share?: number): void;
  stop(): void;
}

const silent: Progress = { text: () => undefined, stop: () => undefined };

/** Starts a spinner. Without a terminal nothing is printed: ora would write lines even then. */
export async function startProgress(io: Io, text: string): Promise<Progress> {
  // A pseudo-terminal may have no columns; ora would divide by them and clear lines for ever.
  const wide = io.stderr.isTTY === true && (io.stderr.columns ?? 0) > 0;
  const draws = wide && io.env["TERM"] !== "dumb" && io.env["CI"] === undefined;
  if (!draws) return silent;
  const { default: ora } = await import("ora");
  // stdin is left alone: an exec credential plugin may ask for a password there.
  const spinner = ora({ text, stream: io.stderr, discardStdin: false, color: false, isEnabled: true }).start();
  const bar = barOf(() => io.now().getTime());
  return {
    text: (next, share) => {
      spinner.text = share === undefined ? next : bar(next, share);
    },
    stop: () => {
      spinner.stop();
    },
  };
}

const WIDTH = 24;
/** So long it is watched before a time is told, in milliseconds. */
const WATCHED = 2000;

/** A bar before a text, and after it the time that is left if it goes on like that. */
function barOf(clock: () => number): (text: string, share: number) => string {
  let first = { share: 0, at: 0 };
  let last = Infinity;
  return (text, share) => {
    // Less than before: something else has begun.
    if (share < last) first = { share, at: clock() };
    last = share;
    const [done, passed] = [share - first.share, clock() - first.at];
    const full = Math.floor(WIDTH * Math.min(1, Math.max(0, share)));
    const left = done > 0 && share < 1 && passed >= WATCHED ? `, ${timeText((passed * (1 - share)) / done)} left` : "";
    return `[${"#".repeat(full)}${".".repeat(WIDTH - full)}] ${text}${left}`;
  };
}

function timeText(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 100 ? `${String(seconds)} s` : `${String(Math.ceil(seconds / 60))} min`;
}
