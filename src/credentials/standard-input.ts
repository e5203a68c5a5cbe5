import { ARGUMENT } from "./arguments.ts";
import { isPlaceholder } from "./placeholder.ts";
import type { Found } from "./rule.ts";
import type { ShellCommand, ShellWord } from "./shell.ts";
import { passwordOf } from "./userinfo.ts";

const PRINTERS = new Set(["echo", "printf"]);
/** Programs that read nothing but a password, or a user with one, from standard input. */
const READERS: Record<string, "password" | "userinfo"> = {
  chpasswd: "userinfo",
  passwd: "password",
  kinit: "password",
  "ssh-add": "password",
};
const READING_OPTIONS = new Set([
  "--password-stdin",
  "--passphrase-fd",
  "--token-stdin",
  "--with-token",
  "-S",
  "--stdin",
]);
const STDIN_PROGRAMS = new Set([
  "sudo",
  "docker",
  "podman",
  "helm",
  "gpg",
  "gh",
  "cosign",
  "skopeo",
  "buildah",
  "nerdctl",
  "crane",
  "oras",
  "passwd",
]);

/** `echo X | docker login --password-stdin`, `chpasswd <<< user:X`: a password that a command reads from standard input. */
export function findInInput(command: ShellCommand, next: ShellCommand | undefined): Found[] {
  if (command.inputs.length === 0 && !command.isPiped) return [];
  const direct = readBy(command) === null ? [] : command.inputs;
  const isPrinter = command.isPiped && next !== undefined && PRINTERS.has(command.words[0]?.text ?? "");
  const reader = isPrinter ? readBy(next) : readBy(command);
  const printed =
    isPrinter && reader !== null
      ? command.words
          .slice(1)
          .filter(({ text }) => !/^(-[neE]{1,3}|%s(\\n)?)$/.test(text))
          .slice(0, 1)
      : [];
  return [...direct, ...printed].flatMap((word) => inWord(word, reader));
}

function readBy({ words }: ShellCommand): "password" | "userinfo" | null {
  for (const { text } of words.slice(0, 4)) {
    const name = text.slice(text.lastIndexOf("/") + 1);
    if (Object.hasOwn(READERS, name)) return READERS[name] ?? null;
    if (STDIN_PROGRAMS.has(name)) return words.some((word) => READING_OPTIONS.has(word.text)) ? "password" : null;
  }
  return null;
}

function inWord({ text: written, isDynamic }: ShellWord, reader: "password" | "userinfo" | null): Found[] {
  const line = written.trim();
  const text = reader === "userinfo" ? passwordOf(line) : line;
  if (text === null || text === "" || isPlaceholder(text) || (isDynamic && /[$`]/.test(text))) return [];
  const because = "is what a program reads as a password from its standard input";
  return [{ name: ARGUMENT, verdict: { kind: "password", confidence: "likely", because }, text }];
}
