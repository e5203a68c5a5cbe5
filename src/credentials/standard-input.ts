import { ARGUMENT } from "./arguments.ts";
import { findByName } from "./leaf.ts";
import { isPlaceholder } from "./placeholder.ts";
import { printed } from "./printed.ts";
import type { Found } from "./rule.ts";
import type { ShellCommand, ShellWord } from "./shell.ts";
import { speakingName } from "./speaking-name.ts";
import { findInText } from "./text.ts";
import { passwordOf } from "./userinfo.ts";

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
  const text = command.isPiped && next !== undefined ? printed(command) : null;
  const reader = text !== null && next !== undefined ? readBy(next) : readBy(command);
  return [...direct, ...(text === null || reader === null ? [] : [text])].flatMap((word) => inWord(word, reader));
}

/** Files whose lines hold more than the password. */
const OF_LINES = /^[._]?(pgpass|htpasswd|passwd|shadow|netrc)\b/;

/** `echo X > /tmp/.vault_pass`: a file that is called after the credential which is written to it. */
export function findInFile(command: ShellCommand): Found[] {
  if (command.file === null) return [];
  const isCopied = command.words[0]?.text === "cat" && command.words.length === 1;
  const text = printed(command) ?? (isCopied ? command.inputs[0] : undefined);
  const line = text?.text.trim() ?? "";
  if (text === undefined || line.includes("\n") || (text.isDynamic && /[$`]/.test(line))) return [];
  const file = command.file.slice(command.file.lastIndexOf("/") + 1);
  const isWord = !/\s/.test(line) || command.words.length < 3;
  const found = isWord && !OF_LINES.test(file) ? findByName(file, line) : null;
  // Where a line says by itself what in it is the credential, the file's name says nothing of the whole.
  if (found === null || findInText("", `${line}\n`).length > 0) return [];
  return [{ name: speakingName(file) ?? ARGUMENT, written: file, ...found }];
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
