import { describe, expect, test } from "vitest";
import type { Action, State } from "../../../../src/cli/choose/state.ts";
import { actionOf } from "../../../../src/cli/choose/keys.ts";
import { begin, chosenItems, current, reduce } from "../../../../src/cli/choose/state.ts";
import { planToChooseFrom } from "../../../cli/screens/plan.ts";

const plan = planToChooseFrom();
const HEIGHT = 10;

/** Moves by name, or text to type. */
function after(state: State, ...actions: (Exclude<Action, { text: string }>["do"] | `=${string}`)[]): State {
  return actions.reduce(
    (now, action) =>
      reduce(
        now,
        action.startsWith("=") ? { do: "type", text: action.slice(1) } : ({ do: action } as Action),
        HEIGHT,
        30,
      ),
    state,
  );
}

const names = (state: State): string[] => chosenItems(state).map(({ object }) => object.name);
const shown = (state: State): number => state.shown.length;
const at = (state: State): string => {
  const row = current(state);
  return row?.kind === "item" ? row.item.object.name : (row?.title ?? "-");
};

describe("choosing", () => {
  test("whatever may go without harm is chosen, and nothing else", () => {
    const safe = plan.items.filter(({ decision }) => decision === "delete").map(({ object }) => object.name);
    expect(names(begin(plan)).sort()).toEqual(safe.sort());
  });

  test("an item is given up and chosen again", () => {
    const once = after(begin(plan), "toggle");
    expect(names(once)).toHaveLength(19);
    expect(names(after(once, "toggle"))).toHaveLength(20);
  });

  test("what needs a choice of its own takes it, from its own line alone", () => {
    const own = after(begin(plan), "down", "toggle");
    expect(names(own)).toContain("import-1");
    for (const wide of [after(begin(plan), "all", "all"), after(begin(plan), "up", "toggle", "toggle")])
      expect(names(wide)).not.toContain("import-1");
  });

  test("all gives up what had its own choice as well", () => {
    expect(names(after(begin(plan), "down", "toggle", "all"))).toEqual([]);
  });

  test("what is refused cannot be chosen, by no way", () => {
    const tried = after(begin(plan), "down", "down", "toggle", "details", "toggle", "back");
    expect(names(tried)).not.toContain("rotate-2");
    expect(after(begin(plan), "down", "down", "toggle").message).not.toBe("");
  });

  test("an owner's line stands for its items", () => {
    const owner = after(begin(plan), "down", "down", "down");
    expect(at(owner)).toBe("cronjob/backup (database)");
    expect(names(after(owner, "toggle"))).toHaveLength(2);
  });
});

describe("moving", () => {
  test("stays within the list, with the cursor on the screen", () => {
    let state = begin(plan);
    for (const action of ["end", "down", "page-down", "up", "page-up", "home", "up", "page-up", "page-down"] as const) {
      state = after(state, action);
      expect(state.cursor).toBeGreaterThanOrEqual(0);
      expect(state.cursor).toBeLessThan(shown(state));
      expect(state.cursor - state.top).toBeGreaterThanOrEqual(0);
      expect(state.cursor - state.top).toBeLessThan(HEIGHT);
    }
    expect(after(state, "home").top).toBe(0);
    expect(at(after(state, "end"))).toContain("29890100");
  });
});

describe("filtering", () => {
  test("every word has to match, and the owner's line stays", () => {
    const state = after(begin(plan), "filter", "=backup 2989001");
    expect(shown(state)).toBe(9);
    expect(at(state)).toBe("backup-29890017");
    expect(shown(after(state, "erase", "erase"))).toBe(19);
  });

  test("escape shows all again and stays where it was; a second one leaves", () => {
    const state = after(begin(plan), "filter", "=29890003", "go");
    const all = after(state, "back");
    expect([shown(all), at(all), all.end]).toEqual([25, "backup-29890003", null]);
    expect(after(all, "back").end).toBe("leave");
  });

  test("all means what the filter leaves", () => {
    expect(names(after(begin(plan), "filter", "=2989001", "go", "all"))).toHaveLength(12);
  });

  test("nothing may match", () => {
    const state = after(begin(plan), "filter", "=nowhere", "go", "toggle", "details", "down", "end");
    expect([shown(state), state.mode, at(state)]).toEqual([0, "list", "-"]);
    expect(names(state)).toHaveLength(20);
  });
});

test("with nothing chosen there is nothing to go on with", () => {
  const none = after(begin(plan), "all", "go");
  expect([none.end, none.message]).toEqual([null, "Nothing is chosen."]);
  expect(after(begin(plan), "go").end).toBe("go");
});

test("details scroll within what they have, and go back", () => {
  const details = after(begin(plan), "details");
  expect(after(details, "up").scroll).toBe(0);
  expect(after(details, "end").scroll).toBe(20);
  expect(after(details, "page-down", "page-down", "page-down").scroll).toBe(20);
  expect(after(details, "leave").mode).toBe("list");
  expect(after(begin(plan), "up", "details").mode).toBe("list");
});

test.each([
  [{ name: "up" }, "list", "up"],
  [{ name: "k", sequence: "k" }, "list", "up"],
  [{ name: "g", sequence: "G" }, "list", "end"],
  [{ name: "space", sequence: " " }, "list", "toggle"],
  [{ sequence: "/" }, "list", "filter"],
  [{ sequence: "?" }, "list", "help"],
  [{ name: "right" }, "list", "details"],
  [{ name: "left" }, "list", "nothing"],
  [{ name: "left" }, "details", "back"],
  [{ name: "h", sequence: "h" }, "list", "nothing"],
  [{ name: "q", sequence: "\u001bq", meta: true }, "list", "nothing"],
  [{ name: "f", sequence: "\u0006", ctrl: true }, "list", "page-down"],
  [{ name: "q", sequence: "q" }, "filter", "type"],
  [{ sequence: "é" }, "filter", "type"],
  [{ name: "f5", sequence: "\u001b[15~" }, "filter", "nothing"],
  [{ sequence: "\u202e" }, "filter", "nothing"],
  [{ name: "backspace", sequence: "\u007f" }, "filter", "erase"],
  [{ name: "u", sequence: "\u0015", ctrl: true }, "filter", "erase-all"],
  [{ name: "escape", sequence: "\u001b", meta: true }, "filter", "back"],
] as const)("%j in the %s: %s", (key, mode, asked) => {
  expect(actionOf(key, mode).do).toBe(asked);
});
