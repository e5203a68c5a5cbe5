import type { Action, Mode } from "./state.ts";

/** A key as node:readline reports it; `name` is absent for most signs. */
export interface Key {
  name?: string | undefined;
  sequence?: string | undefined;
  ctrl?: boolean | undefined;
  meta?: boolean | undefined;
}

const moves: Record<string, Action["do"]> = {
  up: "up",
  down: "down",
  pageup: "page-up",
  pagedown: "page-down",
  home: "home",
  end: "end",
  return: "go",
  enter: "go",
  escape: "back",
};

const letters: Record<string, Action["do"]> = {
  k: "up",
  j: "down",
  g: "home",
  G: "end",
  " ": "toggle",
  x: "toggle",
  a: "all",
  d: "details",
  l: "details",
  h: "back",
  q: "leave",
  "/": "filter",
  "?": "help",
};

/** As in less and vim. */
const controls: Record<string, Action["do"]> = {
  f: "page-down",
  b: "page-up",
  d: "page-down",
  u: "page-up",
  n: "down",
  p: "up",
};

const NOTHING: Action = { do: "nothing" };

/** What the key asks for. `h` and the left arrow only go back from details: they would leave the list by a slip. */
export function actionOf(key: Key, mode: Mode): Action {
  const move = moves[key.name ?? ""];
  if (move !== undefined) return { do: move } as Action;
  if (mode === "filter") return typed(key);
  if (key.name === "right" && mode === "list") return { do: "details" };
  if (key.name === "left") return mode === "details" ? { do: "back" } : NOTHING;
  const asked = key.ctrl === true ? controls[key.name ?? ""] : letters[key.sequence ?? ""];
  if (asked === undefined || key.meta === true || (key.sequence === "h" && mode !== "details")) return NOTHING;
  return { do: asked } as Action;
}

function typed({ name, sequence = "", ctrl, meta }: Key): Action {
  if (name === "backspace") return { do: "erase" };
  if (ctrl === true) return name === "u" || name === "w" ? { do: "erase-all" } : NOTHING;
  // One character, and no control: escape sequences are longer.
  const printable = [...sequence].length === 1 && !/\p{C}/u.test(sequence);
  return meta !== true && printable ? { do: "type", text: sequence } : NOTHING;
}
