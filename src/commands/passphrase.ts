import { Interrupted, UsageError } from "../cli/errors.ts";
import { CommandError } from "../cli/errors.ts";
import type { Io } from "../cli/io.ts";

type Terminal = Io["stdin"] & { setRawMode?(raw: boolean): unknown; isRaw?: boolean };

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const BACKSPACE = /[\u0008\u007f]/;
const LONGEST = 1024;

/**
 * A passphrase typed in a terminal, which shows nothing of it; a new one twice. Throws UsageError where there is no terminal,
 * Interrupted for Ctrl-C.
 */
export async function askPassphrase(io: Io, noInput: boolean, isNew: boolean): Promise<string> {
  const terminal: Terminal = io.stdin;
  if (noInput || terminal.isTTY !== true || io.stderr.isTTY !== true || terminal.setRawMode === undefined) {
    throw new UsageError(
      "--with-values needs --passphrase-file or --recipient: there is no terminal to ask for a passphrase",
    );
  }
  const passphrase = await readHidden(io, terminal, "Passphrase of the values: ");
  if (isNew && (await readHidden(io, terminal, "The same again: ")) !== passphrase) {
    throw new CommandError("the passphrases differ", "Try again.");
  }
  return passphrase;
}

function readHidden(io: Io, terminal: Terminal, prompt: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed = "";
    const end = (): void => {
      terminal.off("data", take);
      io.signal.removeEventListener("abort", interrupt);
      terminal.setRawMode?.(false);
      terminal.pause();
      io.stderr.write("\n");
    };
    const interrupt = (): void => {
      end();
      reject(new Interrupted());
    };
    const take = (data: Buffer | string): void => {
      for (const character of data.toString()) {
        if (character === CTRL_C || (character === CTRL_D && typed === "")) return interrupt();
        if (character === "\r" || character === "\n") {
          end();
          return resolve(typed);
        }
        if (BACKSPACE.test(character)) typed = [...typed].slice(0, -1).join("");
        else if (typed.length < LONGEST) typed += character;
      }
    };
    io.stderr.write(prompt);
    io.signal.addEventListener("abort", interrupt, { once: true });
    terminal.setRawMode?.(true);
    terminal.resume();
    terminal.on("data", take);
  });
}
