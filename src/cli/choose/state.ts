import type { CleanupItem, CleanupPlan } from "../../model/cleanup.ts";
import { rowsOf, type Row } from "./rows.ts";

/** What is on the screen: the list, the list while a filter is typed, one item, or the keys. */
export type Mode = "list" | "filter" | "details" | "help";

/** The list and everything that was done to it. */
export interface State {
  rows: readonly Row[];
  /** Places in `rows` that the filter leaves, in order; an owner is there with any of its items. */
  shown: readonly number[];
  /** Place in `shown`; 0 where nothing is shown. */
  cursor: number;
  /** The first of `shown` on the screen. */
  top: number;
  /** Places in `rows` of the chosen items. */
  chosen: ReadonlySet<number>;
  filter: string;
  mode: Mode;
  /** The first line of the details on the screen. */
  scroll: number;
  /** What is said about the last key; empty: nothing. */
  message: string;
  /** How it ended; null: it goes on. */
  end: "go" | "leave" | null;
}

/** What a key asks for. */
export type Action =
  | { do: "up" | "down" | "page-up" | "page-down" | "home" | "end" }
  | { do: "toggle" | "all" | "go" | "leave" | "filter" | "details" | "help" | "back" | "nothing" }
  | { do: "type"; text: string }
  | { do: "erase" | "erase-all" };

/** The list at its beginning: whatever may go without harm is chosen. */
export function begin(plan: Pick<CleanupPlan, "items">): State {
  const rows = rowsOf(plan);
  const chosen = new Set(rows.keys().filter((at) => isSafe(rows[at]!)));
  const shown = [...rows.keys()];
  const cursor = Math.max(
    0,
    rows.findIndex(({ kind }) => kind === "item"),
  );
  return { rows, shown, cursor, top: 0, chosen, filter: "", mode: "list", scroll: 0, message: "", end: null };
}

/** The next state. `height`: lines of the list on the screen; `lines`: how many the details have. */
export function reduce(state: State, action: Action, height: number, lines = 0): State {
  const said = { ...state, message: "" };
  switch (said.mode) {
    case "help":
      return { ...said, mode: "list" };
    case "details":
      return inDetails(said, action, height, lines);
    case "filter":
    case "list":
      return inView(inList(said, action, height), height);
  }
}

/** The same list where the screen has another size. */
export function inView(state: State, height: number): State {
  const most = Math.max(0, state.shown.length - height);
  // The line of its owner stays in sight above the first item.
  const first = state.cursor === 1 ? 0 : state.cursor;
  const top = Math.min(Math.max(Math.min(state.top, first), state.cursor - height + 1), most);
  return top === state.top ? state : { ...state, top };
}

/** The row under the cursor; undefined where nothing is shown. */
export function current({ rows, shown, cursor }: State): Row | undefined {
  const at = shown[cursor];
  return at === undefined ? undefined : rows[at];
}

/** The items that were chosen. */
export function chosenItems({ rows, chosen }: State): CleanupItem[] {
  return [...chosen].flatMap((at) => {
    const row = rows[at]!;
    return row.kind === "item" ? [row.item] : [];
  });
}

type Handlers = Partial<Record<Action["do"], (state: State) => State>>;

const listKeys: Handlers = {
  toggle: (state) => toggle(state),
  all: (state) => toggleAll(state, state.shown),
  go: (state) => (state.chosen.size > 0 ? { ...state, end: "go" } : { ...state, message: "Nothing is chosen." }),
  leave: (state) => ({ ...state, end: "leave" }),
  back: (state) => (state.filter === "" ? { ...state, end: "leave" } : filtered(state, "")),
  filter: (state) => ({ ...state, mode: "filter" }),
  details: (state) => (current(state)?.kind === "item" ? { ...state, mode: "details", scroll: 0 } : state),
  help: (state) => ({ ...state, mode: "help" }),
};

const filterKeys: Handlers = {
  erase: (state) =>
    state.filter === "" ? { ...state, mode: "list" } : filtered(state, [...state.filter].slice(0, -1).join("")),
  "erase-all": (state) => filtered(state, ""),
  back: (state) => filtered({ ...state, mode: "list" }, ""),
  go: (state) => ({ ...state, mode: "list" }),
};

const toList = (state: State): State => ({ ...state, mode: "list" });

const detailKeys: Handlers = { toggle: (state) => toggle(state), back: toList, leave: toList, details: toList };

function inList(state: State, action: Action, height: number): State {
  const { cursor, shown, mode } = state;
  if (mode === "filter" && action.do === "type") return filtered(state, state.filter + action.text);
  const handle = (mode === "filter" ? filterKeys : listKeys)[action.do];
  return handle?.(state) ?? { ...state, cursor: moved(cursor, action, height, shown.length - 1) };
}

function inDetails(state: State, action: Action, height: number, lines: number): State {
  const handle = detailKeys[action.do];
  return handle?.(state) ?? { ...state, scroll: moved(state.scroll, action, height, lines - height) };
}

const moves: Partial<Record<Action["do"], (at: number, page: number, last: number) => number>> = {
  up: (at) => at - 1,
  down: (at) => at + 1,
  "page-up": (at, page) => at - page,
  "page-down": (at, page) => at + page,
  home: () => 0,
  end: (_at, _page, last) => last,
};

function moved(at: number, action: Action, page: number, last: number): number {
  return Math.max(0, Math.min(last, moves[action.do]?.(at, page, last) ?? at));
}

/** Chooses the item under the cursor, or gives it up; on an owner's line, all of its that may go without harm. */
function toggle(state: State): State {
  const at = state.shown[state.cursor];
  const row = current(state);
  if (at === undefined || row === undefined) return state;
  if (row.kind === "owner") {
    const shown = new Set(state.shown);
    return toggleAll(
      state,
      row.items.filter((place) => shown.has(place)),
    );
  }
  if (row.item.decision === "refuse") return { ...state, message: "It cannot be chosen." };
  const chosen = new Set(state.chosen);
  if (!chosen.delete(at)) chosen.add(at);
  return { ...state, chosen };
}

/** All that may go without harm, or none where all of it is chosen; what needs its own choice is never chosen by this. */
function toggleAll(state: State, places: readonly number[]): State {
  const safe = places.filter((at) => isSafe(state.rows[at]!));
  const all = safe.every((at) => state.chosen.has(at));
  const chosen = new Set(state.chosen);
  if (all) for (const at of places) chosen.delete(at);
  else for (const at of safe) chosen.add(at);
  return { ...state, chosen };
}

/** Every word of the filter has to be in a line; the cursor stays on its row where that is still there. */
function filtered(state: State, filter: string): State {
  const { rows } = state;
  const shown = matching(rows, filter);
  const stays = shown.indexOf(state.shown[state.cursor] ?? -1);
  const first = Math.max(
    0,
    shown.findIndex((at) => rows[at]!.kind === "item"),
  );
  return { ...state, filter, shown, cursor: stays < 0 ? first : stays };
}

function matching(rows: readonly Row[], filter: string): number[] {
  const words = filter.toLowerCase().split(" ");
  const found: number[] = [];
  let owner = -1;
  for (const [at, row] of rows.entries()) {
    if (row.kind === "owner" || !words.every((word) => row.words.includes(word))) continue;
    // Items stand below their owner, so that its line comes with the first of them.
    if (row.owner !== owner) found.push(row.owner);
    owner = row.owner;
    found.push(at);
  }
  return found;
}

function isSafe(row: Row): boolean {
  return row.kind === "item" && row.item.decision === "delete";
}
