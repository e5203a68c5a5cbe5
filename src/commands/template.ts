import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { CommandError, UsageError } from "../cli/errors.ts";
import type { Io } from "../cli/io.ts";
import { systemReason } from "../cli/streams.ts";
import { formatOf } from "../output/formats/index.ts";
import { TemplateError } from "../output/template-error.ts";

const LARGEST = 1 << 20;
const MOST_SHOWN = 500;

/**
 * The template that -o names, read and checked before anything else happens; undefined where the format takes none. Throws
 * UsageError for one that cannot be read as a template, CommandError for a file that cannot be read at all.
 */
export async function readTemplate(output: string, { cwd }: Pick<Io, "cwd">): Promise<string | undefined> {
  const { format, argument } = formatOf(output);
  const takes = format?.takes;
  if (format === null || takes === undefined || argument === null) return undefined;
  const template = takes.isFile ? await readFile(argument, cwd) : argument;
  try {
    await takes.check(template);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const isPath = format.name.startsWith("jsonpath");
    throw new UsageError(
      isPath ? `error parsing jsonpath ${shownTemplate(template)}, ${error.message}` : error.message,
    );
  }
  return template;
}

/** A template as an error quotes it: of a long one, its beginning. */
export function shownTemplate(template: string): string {
  return template.length > MOST_SHOWN ? `${template.slice(0, MOST_SHOWN)}...` : template;
}

async function readFile(file: string, cwd: string): Promise<string> {
  try {
    const handle = await open(resolve(cwd, file), "r");
    try {
      const buffer = Buffer.alloc(LARGEST + 1);
      let length = 0;
      for (let read = 1; read > 0 && length <= LARGEST; length += read) {
        ({ bytesRead: read } = await handle.read(buffer, length, buffer.length - length));
      }
      if (length > LARGEST) throw new CommandError(`the template ${file} is larger than 1 MiB`);
      return buffer.toString("utf8", 0, length);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const reason = systemReason(error);
    if (reason === null) throw error;
    throw new CommandError(
      `error reading --template ${file}: ${reason}`,
      "-o names the file of the template behind =.",
    );
  }
}
