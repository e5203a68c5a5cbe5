import { characters, runEnd } from "./characters.ts";

/** One word of a shell command. `isDynamic`: an unquoted or double-quoted $ or backtick makes part of it something else at run time. */
export interface ShellWord {
  text: string;
  isDynamic: boolean;
}

/** A simple command of a script. */
export interface ShellCommand {
  words: ShellWord[];
  /** What here-documents and here-strings give it to read. */
  inputs: ShellWord[];
  /** Its output is what the command after it reads. */
  isPiped: boolean;
  /** The file that its output goes to; null: none, or one that only the running shell knows. */
  file: string | null;
}

/** The largest value of a ConfigMap; the kernel takes arguments of at most 128 KiB. */
const LONGEST_SCRIPT = 1 << 20;
/** More substitutions inside one another are read as words. */
const DEEPEST_FRAME = 64;
const LONGEST_SUM = 128;
const LONGEST_CALLED = 128;
const CALLED = /=[A-Za-z_][\w.]{0,63}$/;
const OUTPUTS = new Set([">", ">>", ">|"]);
const ORDINARY = characters("A-Za-z0-9_./:,=@%+~^*?![]{}-");
const PARAMETER = characters(" A-Za-z0-9_./:,=@%+~^*?![]#'\"-");

/** What is open around the place that is read: the script itself, a subshell, or a substitution inside a word. */
interface Frame {
  close: "" | ")" | "`";
  command: ShellCommand;
  text: string;
  isDynamic: boolean;
  hasWord: boolean;
  quote: "" | "'" | '"' | "$'";
  /** What the next word is, when it is no argument. */
  next: "argument" | "file" | "output" | "input";
}

interface HereDocument {
  command: ShellCommand;
  delimiter: string;
  isQuoted: boolean;
  stripsTabs: boolean;
}

function frame(close: Frame["close"]): Frame {
  return { close, command: emptyCommand(), text: "", isDynamic: false, hasWord: false, quote: "", next: "argument" };
}

function emptyCommand(): ShellCommand {
  return { words: [], inputs: [], isPiped: false, file: null };
}

/** Reads a script once, from left to right; what it has read of a substitution's surroundings waits on a stack. */
class Reader {
  readonly commands: ShellCommand[] = [];
  readonly #source: string;
  #at = 0;
  readonly #outer: Frame[] = [];
  #in: Frame = frame("");
  #documents: HereDocument[] = [];

  constructor(script: string) {
    this.#source = script.slice(0, LONGEST_SCRIPT);
  }

  read(): ShellCommand[] {
    while (this.#at < this.#source.length) this.#step();
    while (this.#outer.length > 0) this.#leave();
    this.#endCommand();
    return this.commands;
  }

  #step(): void {
    const end = runEnd(ORDINARY, this.#source, this.#at);
    if (end > this.#at) this.#append(this.#source.slice(this.#at, end), end);
    else if (this.#in.quote === "'") this.#singleQuoted();
    else if (this.#in.quote === "$'") this.#escapedQuoted();
    else this.#special(this.#source[this.#at] ?? "");
  }

  #append(text: string, end: number): void {
    this.#in.text += text;
    this.#in.hasWord = true;
    this.#at = end;
  }

  #singleQuoted(): void {
    const close = this.#source.indexOf("'", this.#at);
    const end = close < 0 ? this.#source.length : close;
    this.#append(this.#source.slice(this.#at, end), end + 1);
    this.#in.quote = "";
  }

  /** $'…' of bash: the escapes that stand in credentials are those of quotes, backslashes and ends of lines. */
  #escapedQuoted(): void {
    const character = this.#source[this.#at] ?? "";
    if (character === "'") {
      this.#in.quote = "";
      this.#at++;
    } else if (character === "\\") {
      const next = this.#source[this.#at + 1] ?? "";
      this.#append(next === "n" ? "\n" : next === "t" ? "\t" : next, this.#at + 2);
    } else this.#append(character, this.#at + 1);
  }

  #special(character: string): void {
    const isQuoted = this.#in.quote === '"';
    if (character === "\\") this.#escape(isQuoted);
    else if (character === "`") this.#backtick();
    else if (character === "$") this.#dollar(isQuoted);
    else if (character === '"') this.#quote(isQuoted ? "" : '"', 1);
    else if (isQuoted) this.#append(character, this.#at + 1);
    else if (character === "'") this.#quote("'", 1);
    else if (character === "#" && !this.#in.hasWord) this.#at = this.#endOfLine();
    else this.#separator(character);
  }

  #quote(quote: Frame["quote"], length: number): void {
    this.#in.quote = quote;
    this.#in.hasWord = true;
    this.#at += length;
  }

  #escape(isQuoted: boolean): void {
    const next = this.#source[this.#at + 1] ?? "";
    const end = this.#at + 2;
    if (next === "\n") this.#at = end;
    else this.#append(isQuoted && !'$`"\\'.includes(next) ? `\\${next}` : next, end);
  }

  #dollar(isQuoted: boolean): void {
    const rest = this.#source.slice(this.#at, this.#at + 2);
    const sum = rest === "$(" ? this.#arithmeticEnd() : 0;
    if (sum > 0) return this.#append("0", sum);
    if (rest === "$(" && this.#enter(")", 2)) return;
    if (!isQuoted && rest === "$'") return this.#quote("$'", 2);
    this.#in.isDynamic = true;
    if (rest === "${") return this.#parameter();
    this.#append("$", this.#at + 1);
  }

  /** The end of $((…)), where << shifts bits and opens nothing; 0 where none begins. */
  #arithmeticEnd(): number {
    if (this.#source[this.#at + 2] !== "(") return 0;
    const close = this.#source.slice(this.#at, this.#at + LONGEST_SUM).indexOf("))");
    return close < 0 ? 0 : this.#at + close + 2;
  }

  /** ${…} up to its brace, spaces included; inside, another reference ends what is read at once. */
  #parameter(): void {
    const end = runEnd(PARAMETER, this.#source, this.#at + 2, 512);
    this.#append(this.#source.slice(this.#at, end), end);
  }

  #backtick(): void {
    if (this.#in.close === "`") {
      this.#leave();
      this.#at++;
    } else if (!this.#enter("`", 1)) this.#append("`", this.#at + 1);
  }

  /** Begins a substitution: the word around it goes on after it, with a sign that something stood there. */
  #enter(close: ")" | "`", length: number): boolean {
    if (this.#outer.length >= DEEPEST_FRAME) return false;
    this.#in.isDynamic = this.#in.hasWord = true;
    this.#in.text += "$()";
    this.#outer.push(this.#in);
    this.#in = frame(close);
    this.#at += length;
    return true;
  }

  #leave(): void {
    this.#endCommand();
    this.#in = this.#outer.pop() ?? this.#in;
  }

  #separator(character: string): void {
    if (character === "<" || character === ">") return this.#redirection(character);
    this.#at++;
    if (character === " " || character === "\t" || character === "\r") return this.#endWord();
    if (character === "\n") {
      this.#endCommand();
      return this.#readDocuments();
    }
    if (character === ")" && this.#in.close === ")") return this.#leave();
    if (character === "|" && this.#source[this.#at] !== "|") this.#pipe();
    else if (character === "(" && this.#call()) return;
    else if (";|&()".includes(character)) this.#endCommand();
    else this.#append(character, this.#at);
  }

  #pipe(): void {
    this.#endWord();
    this.#in.command.isPiped = true;
    this.#endCommand();
  }

  /** `name=function(…)` is no command of a shell: the word of another language goes on to the end of the call. */
  #call(): boolean {
    if (!CALLED.test(this.#in.text.slice(-LONGEST_CALLED))) return false;
    const close = this.#source.slice(this.#at, this.#at + LONGEST_CALLED).search(/[)\n]/);
    if (close < 0 || this.#source[this.#at + close] !== ")") return false;
    const end = this.#at + close + 1;
    this.#append(this.#source.slice(this.#at - 1, end), end);
    return true;
  }

  /** A redirection ends no command; the file after it is no argument, and what stands in a here-document is input. */
  #redirection(character: string): void {
    const [operator = character] =
      /^(<<<|<<-?|<\(|>\(|<>|<&|<|>>|>&|>\||>)/.exec(this.#source.slice(this.#at, this.#at + 3)) ?? [];
    if (operator.endsWith("(")) {
      if (this.#enter(")", 2)) return;
      this.#at += 2;
      return this.#endCommand();
    }
    const descriptor = /^\d$/.test(this.#in.text) ? this.#in.text : "1";
    if (/^\d$/.test(this.#in.text)) Object.assign(this.#in, { text: "", hasWord: false });
    this.#endWord();
    this.#at += operator.length;
    if (operator === "<<" || operator === "<<-") return this.#openDocument(operator === "<<-");
    const isOutput = descriptor === "1" && OUTPUTS.has(operator);
    this.#in.next = operator === "<<<" ? "input" : isOutput ? "output" : "file";
  }

  #openDocument(stripsTabs: boolean): void {
    const written = /^[ \t]{0,16}(?:'([^'\n]{1,64})'|"([^"\n]{1,64})"|(\\?[\w.!@%+-]{1,64}))/.exec(
      this.#source.slice(this.#at, this.#at + 96),
    );
    if (written === null) return;
    const [whole, single, double, bare = ""] = written;
    this.#at += whole.length;
    const delimiter = single ?? double ?? bare.replace(/^\\/, "");
    const isQuoted = !/^[\w.!@%+-]/.test(whole.trimStart());
    this.#documents.push({ command: this.#in.command, delimiter, isQuoted, stripsTabs });
  }

  #readDocuments(): void {
    const documents = this.#documents;
    this.#documents = [];
    for (const { command, delimiter, isQuoted, stripsTabs } of documents) {
      const lines: string[] = [];
      while (this.#at < this.#source.length) {
        const end = this.#endOfLine();
        const written = this.#source.slice(this.#at, end);
        const line = stripsTabs ? written.replace(/^\t+/, "") : written;
        this.#at = end + 1;
        if (line === delimiter) break;
        lines.push(line);
      }
      const text = lines.join("\n");
      if (text !== "") command.inputs.push({ text, isDynamic: !isQuoted && /[$`]/.test(text) });
    }
  }

  #endOfLine(): number {
    const end = this.#source.indexOf("\n", this.#at);
    return end < 0 ? this.#source.length : end;
  }

  #endWord(): void {
    const { command, text, isDynamic, hasWord, next } = this.#in;
    if (!hasWord) return;
    if (next === "argument") command.words.push({ text, isDynamic });
    if (next === "input") command.inputs.push({ text, isDynamic });
    if (next === "output") command.file = isDynamic ? null : text;
    Object.assign(this.#in, { text: "", isDynamic: false, hasWord: false, next: "argument" });
  }

  #endCommand(): void {
    this.#endWord();
    const { command } = this.#in;
    const isOpen = this.#documents.at(-1)?.command === command;
    if (command.words.length > 0 || command.inputs.length > 0 || isOpen) this.commands.push(command);
    this.#in.command = emptyCommand();
    this.#in.next = "argument";
  }
}

/**
 * Splits a POSIX shell script into simple commands of words, well enough to see arguments: quotes, escapes, operators, comments,
 * redirections, here-documents and substitutions are read; nothing is expanded. Commands of a substitution come before the one
 * around them. One pass, so hostile input costs no more than its length.
 */
export function shellCommands(script: string): ShellCommand[] {
  return new Reader(script).read();
}
