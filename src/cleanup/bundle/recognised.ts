import { findInCommand } from "../../credentials/command.ts";
import { findInValue } from "../../credentials/values.ts";
import type { Mask } from "../../evidence/mask.ts";

const REMEMBERED = 10_000;
const LONGEST = 8192;

/** What recognition finds, remembered while one bundle is written: the objects of one CronJob hold the same texts again and again. */
export class Recognised {
  readonly #values = new Map<string, string[]>();
  readonly #commands = new Map<string, string[][]>();

  /** The credentials in a named text. */
  inValue(name: string, text: string): string[] {
    const find = (): string[] => findInValue(name, text).map((found) => found.text);
    return remember(this.#values, `${name}\n${text}`, find);
  }

  /** The credentials in each word of a command line. */
  inCommand(words: string[]): string[][] {
    return remember(this.#commands, JSON.stringify(words), () => {
      const found = Map.groupBy(findInCommand(words, []), ({ index }) => index);
      return words.map((_, i) => (found.get(i) ?? []).map(({ text }) => text));
    });
  }
}

function remember<T>(known: Map<string, T>, key: string, find: () => T): T {
  if (key.length > LONGEST) return find();
  const seen = known.get(key);
  if (seen !== undefined) return seen;
  if (known.size >= REMEMBERED) known.clear();
  const value = find();
  known.set(key, value);
  return value;
}

const byMask = new WeakMap<Mask, Recognised>();

/** One memory for each mask, which is made anew for each bundle, and ends with it. */
export function recognisedBy(mask: Mask): Recognised {
  let recognised = byMask.get(mask);
  if (recognised === undefined) byMask.set(mask, (recognised = new Recognised()));
  return recognised;
}
